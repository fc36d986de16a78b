"""The stand-in Slack on a socket: the Web API, files, response_urls and Socket Mode, over one Workspace."""

import json
from collections.abc import Callable
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from sandbox.slack.faults import ConnectionDropped, HttpFailure
from sandbox.slack.methods import chat, conversations, files, functions, people
from sandbox.slack.methods.arguments import Arguments
from sandbox.slack.records import Json, RateLimited, SlackError
from sandbox.slack.workspace import Workspace

Method = Callable[[Workspace, Arguments], Json]

METHODS: dict[str, tuple[Method, str]] = {
    "api.test": (people.api_test, "anyone"),
    "apps.connections.open": (people.connections_open, "app"),
    "auth.teams.list": (people.teams_list, ""),
    "auth.test": (people.auth_test, ""),
    "bots.info": (people.bots_info, "users:read"),
    "blocks.validate": (chat.blocks_validate, ""),
    "chat.delete": (chat.delete, "chat:write"),
    "chat.getPermalink": (chat.permalink, ""),
    "chat.postEphemeral": (chat.post_ephemeral, "chat:write"),
    "chat.postMessage": (chat.post_message, "chat:write"),
    "chat.update": (chat.update, "chat:write"),
    "conversations.history": (conversations.history, ""),
    "conversations.info": (conversations.info, ""),
    "conversations.invite": (conversations.invite, ""),
    "conversations.join": (conversations.join, ""),
    "conversations.list": (conversations.channels, ""),
    "conversations.members": (conversations.members, ""),
    "conversations.open": (conversations.open_dm, "im:write"),
    "conversations.replies": (conversations.replies, ""),
    "files.completeUploadExternal": (files.complete_upload, "files:write"),
    "files.getUploadURLExternal": (files.upload_url, "files:write"),
    "files.info": (files.info, "files:read"),
    "functions.completeError": (functions.complete_error, ""),
    "functions.completeSuccess": (functions.complete_success, ""),
    "team.info": (people.team_info, ""),
    "usergroups.list": (people.usergroups_list, "usergroups:read"),
    "usergroups.users.list": (people.usergroups_users_list, "usergroups:read"),
    "users.conversations": (conversations.own, ""),
    "users.info": (people.users_info, "users:read"),
    "users.list": (people.users_list, "users:read"),
    "views.open": (chat.views_open, ""),
    "views.publish": (chat.views_publish, ""),
    "views.push": (chat.views_push, ""),
    "views.update": (chat.views_update, ""),
}
"""Each method and what its token must allow: a scope of the bot's, nothing in particular, or the app-level token.

What conversations.* need depends on the kind of channel, so they look for themselves.
"""


def slack_app(workspace: Workspace) -> Starlette:
    """Return the application to serve; it must run on the event loop that the workspace lives on.

    Faults that drop a connection need a server with an ASGI extension `connection.reset`, called without arguments.
    Whoever ends the server calls `workspace.stop()`.
    """
    api = _Api(workspace)
    return Starlette(
        routes=[
            Route("/api/{method}", api.call, methods=["GET", "POST"]),
            Route("/files/{file_id}/{name:path}", api.download),
            Route("/upload/{file_id}", api.upload, methods=["POST", "PUT"]),
            Route("/response/{key}", api.respond, methods=["POST"]),
            WebSocketRoute("/link/", api.link),
        ],
    )


class _Api:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def call(self, request: Request) -> Response:
        workspace, method = self._workspace, request.path_params["method"]
        if not workspace.state.base_url:
            workspace.state.base_url = str(request.base_url).rstrip("/")
        try:
            given = await _arguments(request, method)
            later = await workspace.faults.before(method)
            answer = self._run(given)
            if later is not None:
                workspace.faults.raise_for(later)
        except ConnectionDropped:
            return _Dropped()
        except HttpFailure as failure:
            return HTMLResponse("<html><body>Something went wrong</body></html>", failure.status)
        except RateLimited as limited:
            return JSONResponse(limited.body(), 429, {"Retry-After": str(limited.retry_after)})
        except SlackError as error:
            return self._json(error.body())
        return self._json(answer)

    async def download(self, request: Request) -> Response:
        return await files.download(self._workspace, request, _bearer(request))

    async def upload(self, request: Request) -> Response:
        return await files.receive(self._workspace, request)

    async def respond(self, request: Request) -> Response:
        try:
            body = json.loads(await request.body())
            self._workspace.response_urls.use(request.path_params["key"], body)
        except ValueError:
            return PlainTextResponse("invalid_payload", 400)
        except SlackError as error:
            gone = error.error in {"expired_url", "used_url"}
            return JSONResponse(error.body(), 404 if gone else 400)
        return PlainTextResponse("ok")

    async def link(self, socket: WebSocket) -> None:
        await self._workspace.sockets.serve(socket)

    def _run(self, given: Arguments) -> Json:
        method, needed = METHODS.get(given.method, (None, "anyone"))
        if method is None:
            raise SlackError("unknown_method", extra={"req_method": given.method})
        self._authorize(given.token, needed)
        return method(self._workspace, given)

    def _authorize(self, token: str, needed: str) -> None:
        """Raises not_authed, invalid_auth, not_allowed_token_type or missing_scope."""
        identity = self._workspace.identity
        if needed == "anyone":
            return
        if not token:
            raise SlackError("not_authed")
        if token not in {identity.bot_token, identity.app_token}:
            raise SlackError("invalid_auth")
        if (token == identity.app_token) != (needed == "app"):
            raise SlackError("not_allowed_token_type")
        if needed not in {"", "app"}:
            self._workspace.state.need(needed)

    def _json(self, answer: Json) -> Response:
        told = "" if self._workspace.faults.scopes_untold else ",".join(sorted(self._workspace.state.scopes))
        return JSONResponse(answer, headers={"X-OAuth-Scopes": told, "X-Slack-Req-Id": "sandbox"})


class _Dropped(Response):
    """Breaks the connection where an answer should be."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del send
        scope["extensions"]["connection.reset"]()
        while (await receive())["type"] != "http.disconnect":
            continue


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


async def _arguments(request: Request, method: str) -> Arguments:
    """Return a call's arguments from the query, a form or JSON; raises invalid_json or invalid_form_data."""
    values: Json = dict(request.query_params)
    body, kind = await request.body(), request.headers.get("content-type", "").partition(";")[0]
    if kind == "application/json":
        values |= _json_arguments(body)
    elif body:
        try:
            values |= dict(parse_qsl(body.decode(), keep_blank_values=True))
        except ValueError as error:
            raise SlackError("invalid_form_data") from error
    return Arguments(method, values, _bearer(request) or str(values.get("token") or ""))


def _json_arguments(body: bytes) -> Json:
    try:
        values = json.loads(body or b"{}")
    except ValueError as error:
        raise SlackError("invalid_json") from error
    if not isinstance(values, dict):
        raise SlackError("json_not_object")
    return values
