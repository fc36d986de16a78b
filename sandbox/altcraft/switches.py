"""How the stand-in platform behaves where the guide is silent, and how it is made to misbehave."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TypeVar

_T = TypeVar("_T")


def _switch(default: _T, text: str, *choices: _T, least: int = 0, most: int | None = None) -> _T:
    return field(default=default, metadata={"help": text, "choices": choices, "least": least, "most": most})


def _code(default: int, text: str) -> int:
    return _switch(default, text, least=1)


@dataclass(frozen=True)
class Switches:
    """Each is one choice; its metadata holds one sentence of help, and the values it can have."""

    activation: str = _switch(
        "normal",
        "What campaigns/activate does: lose_answer launches and then closes the connection, reset breaks it first.",
        *("normal", "refuse", "slow", "lose_answer", "error_500", "garbage", "html", "reset"),
    )
    only_next: bool = _switch(False, "The activation switch turns itself back to normal after one use.")
    taken_despite_fault: bool = _switch(
        False, "An activation answered with error_500, garbage or html was launched all the same."
    )
    deactivation: str = _switch(
        "normal",
        "What campaigns/deactivate does, in the same words; with only_next it, too, turns itself back.",
        *("normal", "refuse", "slow", "lose_answer", "error_500", "garbage", "html", "reset"),
    )
    cloning: str = _switch(
        "normal",
        "What campaigns/clone does, likewise.",
        *("normal", "refuse", "slow", "lose_answer", "error_500", "garbage", "html", "reset"),
    )
    addition: str = _switch(
        "normal",
        "What profiles/segstatic/add does, likewise.",
        *("normal", "refuse", "slow", "lose_answer", "error_500", "garbage", "html", "reset"),
    )
    profiles_unknown: str = _switch(
        "", "Profiles, with commas between them, that profiles/segstatic/add refuses: they do not exist."
    )
    clone_is_active: bool = _switch(False, "A clone of a campaign that is switched on is switched on as well.")
    refuse_code: int = _code(402, "The error code of a refused activation (402: the tariff limit is exhausted).")
    refuse_text: str = _switch("Refused by the sandbox", "The error text of a refused activation or deactivation.")
    slow_seconds: float = _switch(10.0, "How long a slow activation, already taken, or a slow read waits to answer.")
    reads: str = _switch(
        "normal",
        "What every call that changes nothing does: fail answers HTTP 500, hang never answers.",
        *("normal", "slow", "fail", "hang"),
    )
    templates: str = _switch(
        "normal",
        "What templates/get does: a refusal for lack of rights, HTTP 404 as from an edition without it, or a fault.",
        *("normal", "no_right", "unknown_method", "garbage", "html", "error_500", "hang"),
    )
    bounces: str = _switch(
        "normal",
        "What reports/bounces does: soft bounces of runs whose hooks told of some, or a refusal for lack of rights.",
        *("normal", "no_right"),
    )
    round_trip_ms: float = _switch(0.0, "Milliseconds that every call waits before anything else happens.")
    run_fate: str = _switch(
        "finish",
        "How runs begun from now on end: fail logs errors before the end, hang never ends.",
        *("finish", "fail", "hang"),
    )
    run_errors: int = _switch(2, "How many errors a run that fails writes into the log.")
    run_seconds: float = _switch(8.0, "How long a run takes from its start entry to its end entry.")
    start_delay_seconds: float = _switch(0.5, "How long after the activation the log's start entry appears.")
    hooks: str = _switch(
        "off",
        "What action hooks tell of runs that end from now on: a healthy run, 6 % hard bounces, one that nobody opens.",
        *("off", "healthy", "bounces", "nobody_opens"),
    )
    hooks_repeat: bool = _switch(True, "A hook that was not answered with OK is sent again; the guide does not say.")
    dedup: str = _switch(
        "both",
        "How repeats are recognised and told: by Request-ID (newer guide), by checksum with X- answer headers (earlier "
        "guide, X-Request-ID), by either id with both spellings, or not at all.",
        *("off", "Request-ID", "X-Request-ID", "both"),
    )
    dedup_reads: bool = _switch(False, "Repeats of reads are recognised, too.")
    answers_in: str = _switch(
        "as_asked", "The format of the answers, whatever was asked for.", "as_asked", "json", "xml"
    )
    token_in: str = _switch("both", "Where a token is looked for.", "both", "body", "header")
    dedup_window_seconds: float = _switch(86400.0, "How long after the first request a repeat is recognised.")
    dedup_replays_errors: bool = _switch(True, "A repeat of a refused request gets the refusal again.")
    repeat_in_progress: str = _switch(
        "wait",
        "What a repeat gets while the first is still being processed: the first's answer, a refusal, or its own run.",
        *("wait", "refuse", "execute"),
    )
    already_active_answer: str = _switch(
        "accept", "What activate answers for a campaign that is active.", "accept", "refuse"
    )
    already_inactive_answer: str = _switch(
        "accept", "What deactivate answers for a campaign that is not active.", "accept", "refuse"
    )
    repeat_run: str = _switch(
        "accept", "What run_now gets for a campaign that runs now or has completed.", "accept", "refuse"
    )
    other_kinds_run_now: str = _switch(
        "refuse", "What run_now gets for triggers and split tests, which the guide leaves open.", "accept", "refuse"
    )
    bad_override: str = _switch(
        "refuse",
        "What half an override, or one of a source that does not exist, gets: a refusal, or the campaign's own source.",
        *("refuse", "own_source"),
    )
    aborted_run_logs_end: bool = _switch(True, "A run that deactivate aborted writes an end entry into the log.")
    inactive_status: str = _switch("Inactive", "The status text of a campaign that is switched off.")
    token_may_launch: bool = _switch(True, "The token has the right to activate and deactivate.")
    code_bad_token: int = _code(401, "The error code for a missing or wrong token.")
    code_no_rights: int = _code(403, "The error code where the token may not launch.")
    code_unknown_id: int = _code(400, "The error code for an id that does not exist.")
    http_status_for_errors: int = _switch(200, "The HTTP status of answers with an error code.", least=200, most=599)
    cursor_style: str = _switch(
        "as_printed",
        "What next_from_id is; as printed, the last id + 1 for campaigns and the last id for the others.",
        *("as_printed", "last_id", "last_id_plus_one"),
    )
    groups_spelling: str = _switch(
        "as_printed",
        "How lists spell access groups; as printed, groups for campaigns and Groups for the others.",
        *("as_printed", "groups", "Groups"),
    )
    quoted_xml_strings: bool = _switch(
        False, "XML answers of get_status, log_v2 and regulars/get put strings into quotes."
    )
    database_key: str = _switch(
        "list_id", "What segments/get_counters calls the database of a dynamic segment.", "list_id", "db_id"
    )
    log_limit_keeps: str = _switch("oldest", "Which end of the log stays when limit cuts it.", "oldest", "newest")
    from_time_inclusive: bool = _switch(True, "log_v2 includes an entry of exactly from_time.")

    def changed(self, changes: Mapping[str, object]) -> "Switches":
        """Return the switches with these changes; raises ValueError, with a sentence, for an unknown or wrong one."""
        known = {each.name: each.metadata for each in fields(self)}
        for name, value in changes.items():
            if name not in known:
                raise ValueError(f"There is no switch called “{name}”.")
            wanted = _unmet(known[name], getattr(self, name), value)
            if wanted:
                raise ValueError(f"“{name}” has to be {wanted}, not {value!r}.")
        return replace(self, **changes)  # type: ignore[arg-type]  # each value was just held against its switch


HELP: Mapping[str, str] = {each.name: each.metadata["help"] for each in fields(Switches)}
CHOICES: Mapping[str, list[str]] = {
    each.name: list(each.metadata["choices"]) for each in fields(Switches) if each.metadata["choices"]
}


def _unmet(rule: Mapping[str, object], now: object, value: object) -> str:
    """Return what the value would have to be, or an empty text where it is that."""
    choices = rule["choices"]
    if isinstance(choices, tuple) and choices:
        return "" if value in choices else f"one of {', '.join(map(str, choices))}"
    if isinstance(now, bool):
        return "" if isinstance(value, bool) else "true or false"
    if isinstance(now, str):
        return "" if isinstance(value, str) else "a text"
    return "" if _is_within(rule, value, whole=isinstance(now, int)) else _range(rule, whole=isinstance(now, int))


def _is_within(rule: Mapping[str, object], value: object, *, whole: bool) -> bool:
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
        return False
    least, most = rule["least"], rule["most"]
    low = least if isinstance(least, int) else 0
    high = most if isinstance(most, int) else math.inf
    return math.isfinite(value) and low <= value <= high


def _range(rule: Mapping[str, object], *, whole: bool) -> str:
    kind = "a whole number" if whole else "a number"
    most = rule["most"]
    return f"{kind} from {rule['least']} to {most}" if most is not None else f"{kind} of at least {rule['least']}"
