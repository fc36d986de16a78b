"""The files.* methods of the Web API, downloads, and the address that uploads go to."""

import email
from email.message import EmailMessage
from email.policy import default as default_policy
from typing import cast
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from sandbox.slack.files import PICTURE
from sandbox.slack.methods.arguments import Arguments
from sandbox.slack.records import Content, Json, SlackError
from sandbox.slack.workspace import Workspace

SIGN_IN = "<!DOCTYPE html><html><head><title>Slack</title></head><body><h1>Sign in to your workspace</h1></body></html>"


def info(workspace: Workspace, given: Arguments) -> Json:
    stored = workspace.files.find(given.optional_text("file") or "")
    return {"ok": True, "file": workspace.files.as_json(stored), "comments": []}


def upload_url(workspace: Workspace, given: Arguments) -> Json:
    length = given.number("length", 0, 1024**3)
    file_id = workspace.files.announce(given.text("filename"), length, given.optional_text("alt_txt") or "")
    return {"ok": True, "upload_url": f"{workspace.state.base_url}/upload/{file_id}", "file_id": file_id}


def complete_upload(workspace: Workspace, given: Arguments) -> Json:
    """Finish uploads; with `channel_id` a message of the bot shares them there."""
    named = given.objects("files", "invalid_arguments") or []
    channel_id = given.optional_text("channel_id") or given.optional_text("channels")
    channel = workspace.state.visible_channel(channel_id) if channel_id else None
    stored = [workspace.files.complete(str(item.get("id")), item.get("title")) for item in named]
    if channel is not None:
        comment = given.optional_text("initial_comment") or ", ".join(file.title for file in stored)
        message = workspace.messages.post(channel.id, Content(comment), given.optional_text("thread_ts"))
        message.file_ids = [file.id for file in stored]
        for file in stored:
            file.channels.append(channel.id)
    return {"ok": True, "files": [workspace.files.as_json(file) for file in stored]}


async def download(workspace: Workspace, request: Request, token: str) -> Response:
    """Answer with the file; without the bot's token with the page for signing in, and status 200, as Slack does."""
    if token != workspace.identity.bot_token or "files:read" not in workspace.state.scopes:
        return HTMLResponse(SIGN_IN)
    try:
        stored = workspace.files.find(request.path_params["file_id"])
    except SlackError:
        return PlainTextResponse("not found", 404)
    return Response(stored.content, media_type=stored.media_type)


def saved(workspace: Workspace, file_id: str) -> Response:
    """Answer with the file for a person to save, whatever it holds: the page never shows it."""
    try:
        stored = workspace.files.find(file_id)
    except SlackError:
        return PlainTextResponse("not found", 404)
    disposition = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(stored.name)}"}
    return Response(stored.content, media_type="application/octet-stream", headers=disposition)


def picture(workspace: Workspace, file_id: str) -> Response:
    """Answer with a picture for the page to show; every other file is only for saving."""
    try:
        stored = workspace.files.find(file_id)
    except SlackError:
        return PlainTextResponse("not found", 404)
    if stored.media_type != PICTURE:
        return PlainTextResponse("not found", 404)
    return Response(stored.content, media_type=PICTURE)


async def receive(workspace: Workspace, request: Request) -> Response:
    """Take an upload: the bytes themselves, or the first file of a multipart form."""
    body, content_type = await request.body(), request.headers.get("content-type", "")
    if content_type.startswith("multipart/"):
        body = _first_part(body, content_type)
    if not workspace.files.receive(request.path_params["file_id"], body):
        return PlainTextResponse("upload failed", 400)
    return PlainTextResponse(f"OK - {len(body)}")


def _first_part(body: bytes, content_type: str) -> bytes:
    whole = email.message_from_bytes(
        b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body, policy=default_policy
    )
    for part in whole.iter_parts():
        content = cast("EmailMessage", part).get_payload(decode=True)
        if isinstance(content, bytes):
            return content
    return b""
