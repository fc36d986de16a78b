"""What stands in the modal's fields, and the request it makes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.campaign.numbers import written
from bot.campaign.request import ActivationRequest, Canary, Invalid, Json, Source, SourceKind, number_in
from bot.phrase import Phrase
from bot.slash.content_lines import as_lines, is_lines, values_in
from bot.slash.json_object import content_object
from bot.slash.values import span_in, span_text
from bot.slash.words import CommandError

CONTENT_EXAMPLE = '{"promo": "SPRING"}'

_LABELLED = Phrase("“{label}”", label=Phrase("Content"))
"""How the form calls the field in which the values stand."""

LONGEST_CONTENT = 3000
"""Slack's limit for a text field, in characters."""

MOST_FILES = 5
LARGEST_FILE = 10 * 1024 * 1024
"""Slack's own limit for a file in a modal, in bytes."""


@dataclass(frozen=True)
class SlackFile:
    """A file uploaded into the modal, as Slack describes it. `size` is in bytes."""

    id: str
    name: str
    media_type: str
    size: int
    url: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Form:
    """The fields as they are filled in, right or wrong: texts stay as typed."""

    campaign_id: int | None = None
    run_now: bool | None = None
    """None while nobody has said when."""
    source: str = ""
    """`list:<id>` or `segment:<id>`; "" for the campaign's own audience."""
    limit: str = ""
    at: datetime | None = None
    practice: bool = False
    canary: str = ""
    """`segment:<id>`; "" for no canary."""
    wait: str = ""
    """`30m`; "" for the usual wait."""
    content: str = ""
    reason: str = ""
    files: tuple[SlackFile, ...] = ()

    @classmethod
    def of(cls, request: ActivationRequest) -> "Form":
        content = "" if request.content is None else _content_text(request.content)
        return cls(
            campaign_id=request.campaign_id,
            run_now=request.run_now,
            source=str(request.source) if request.source else "",
            limit="" if request.limit is None else str(request.limit),
            at=request.at,
            practice=request.practice,
            canary=str(request.canary.source) if request.canary else "",
            wait=span_text(request.canary.wait) if request.canary else "",
            content=content,
            reason=request.reason,
        )

    @property
    def chosen_source(self) -> Source | None:
        """The source, where the field holds one that can be read."""
        return _readable(self.source)

    @property
    def chosen_canary(self) -> Source | None:
        """The canary's segment, as chosen_source."""
        return _readable(self.canary)


def _readable(source: str) -> Source | None:
    try:
        return Source.parse(source) if source else None
    except Invalid:
        return None


def _content_text(content: Mapping[str, Json]) -> str:
    """The content a value a line, or as JSON text: easy to read where it fits into the field so, else short."""
    lines = as_lines(content)
    if lines is not None and len(lines) <= LONGEST_CONTENT:
        return lines
    readable = written(dict(content), readable=True)
    if len(readable) <= LONGEST_CONTENT:
        return readable
    # What does not fit even so is cut, and then refused at its field: better than a form that Slack does not open.
    return written(dict(content))[:LONGEST_CONTENT]


class FormErrors(Exception):
    """Fields that cannot stand: each field's name, with a sentence about what to do."""

    def __init__(self, by_field: Mapping[str, Phrase]) -> None:
        super().__init__(", ".join(by_field))
        self.by_field = dict(by_field)


def request_of(form: Form, own: Source | None = None) -> ActivationRequest:
    """The request the form asks for, without its files. Raises FormErrors naming every field at fault.

    `own` is the campaign's own audience, where it is known: on its schedule the campaign goes there anyway.
    """
    errors: dict[str, Phrase] = {}
    if form.campaign_id is None:
        errors["campaign"] = Phrase("Choose the campaign, or type its id and pick it.")
    if form.run_now is None:
        errors["run_now"] = Phrase("Choose “Send now” or “Activate only”.")
    limit = _limit(form.limit, errors)
    content = _content(form.content, errors)
    source = _source(form, own, errors)
    canary = _canary(form, errors)
    _check_files(form.files, errors)
    if errors or form.campaign_id is None:
        raise FormErrors(errors)
    try:
        return ActivationRequest(
            campaign_id=form.campaign_id,
            run_now=bool(form.run_now),
            source=source,
            limit=limit,
            at=form.at,
            practice=form.practice,
            canary=canary,
            content=content,
            reason=form.reason.strip(),
        )
    except Invalid as invalid:
        raise FormErrors({field_of(invalid): invalid.text}) from invalid


def content_in(form: Form) -> Mapping[str, Json]:
    """The values that the form holds; none where they cannot be read yet."""
    return _content(form.content, {}) or {}


def field_of(invalid: Invalid) -> str:
    if invalid.part == "attach":
        return "files"
    fields = {"campaign", "source", "limit", "at", "canary", "wait", "content", "reason"}
    return invalid.part if invalid.part in fields else "campaign"


def _limit(text: str, errors: dict[str, Phrase]) -> int | None:
    if not text.strip():
        return None
    limit = number_in(text)
    if limit is None:
        errors["limit"] = Phrase("The limit must be a whole number from 1 up, or empty for the campaign's own.")
    return limit


def _source(form: Form, own: Source | None, errors: dict[str, Phrase]) -> Source | None:
    source = form.chosen_source
    if form.source and source is None:
        errors["source"] = Phrase("This is no audience. Choose one from the list.")
    elif source and form.run_now is False and source == own:
        return None
    elif source and form.run_now is False:
        errors["source"] = Phrase(
            "Another audience works only with “Send now”: on its own schedule the campaign goes to its own. Choose "
            "“Send now”, or the campaign's own audience."
        )
    return source


def _canary(form: Form, errors: dict[str, Phrase]) -> Canary | None:
    segment, wait = form.chosen_canary, form.wait.strip()
    span = span_in(wait) if wait else None
    if form.canary and (segment is None or segment.kind is not SourceKind.SEGMENT):
        errors["canary"] = Phrase("This is no segment. Choose one from the list.")
    elif wait and span is None:
        errors["wait"] = Phrase("Write the wait as 30m, 90s or 2h.")
    elif wait and segment is None:
        errors["wait"] = Phrase("“Wait” needs “First to a few”. Choose a segment there, or leave it empty.")
    elif segment and not form.run_now:
        errors["canary"] = Phrase(
            "“First to a few” works only with “Send now”: on its own schedule the campaign goes to everybody at once."
        )
    elif segment:
        try:
            return Canary(segment.id, span) if span is not None else Canary(segment.id)
        except Invalid as invalid:
            errors[invalid.part] = invalid.text
    return None


def _content(text: str, errors: dict[str, Phrase]) -> Mapping[str, Json] | None:
    if not text.strip():
        return None
    try:
        return values_in(text) if is_lines(text) else content_object(text)
    except CommandError as error:
        errors["content"] = error.text.with_values(field=_LABELLED, example=CONTENT_EXAMPLE)
        return None


def _check_files(files: tuple[SlackFile, ...], errors: dict[str, Phrase]) -> None:
    too_large = next((file for file in files if file.size > LARGEST_FILE), None)
    if too_large:
        errors["files"] = larger_than_taken(too_large)
    if len(files) > MOST_FILES:
        errors["files"] = Phrase(
            "At most {most} files can be attached. Take {n} away.", most=MOST_FILES, n=len(files) - MOST_FILES
        )


def larger_than_taken(file: SlackFile) -> Phrase:
    return Phrase("{name} is larger than {n} MB. Take it away.", name=file.name, n=LARGEST_FILE // 1024 // 1024)
