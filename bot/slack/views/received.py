"""Who received a launch, and corrections, in words: on the cards, in the threads, and on the form."""

from dataclasses import dataclass

from bot.launch import received as receiving
from bot.launch.correcting import is_correction, named, receivers
from bot.launch.state import Launch
from bot.phrase import Phrase
from bot.slack.views import other
from bot.slack.views.bounds import clip
from bot.slack.views.other import NOT_LINKED, Linked
from bot.slack.views.text import person, said
from bot.texts import _, plural

LONGEST_NAME = 200
"""Characters of a campaign's name."""

LONGEST_LINE = 300
"""Characters of why it is not told: the thread has the whole of it."""


@dataclass(frozen=True)
class After:
    """What is known of a launch beside its own record: how many are in the segment by now, and its corrections.

    `corrected` is what it corrects itself. `offered` says whether it can be asked here at all who received a launch.
    """

    added: int = 0
    corrections: tuple[Linked, ...] = ()
    corrected: Linked = NOT_LINKED
    offered: bool = False


NOTHING = After()


def facts(launch: Launch, corrected: Linked) -> list[str]:
    """The line on a correction's card that says what it corrects."""
    if not is_correction(launch):
        return []
    if corrected.launch is None:
        unknown = _("*Correction of:* launch {id}, for those it was sent to")
        return [unknown.format(id=f"`{launch.belongs_to}`")]
    campaign = other.named(corrected.launch, corrected.address)
    return [_("*Correction of:* campaign {campaign}, for those it was sent to").format(campaign=campaign)]


def lines(launch: Launch, after: After) -> list[str]:
    """The lines on a launch's card about those who received it, and about what was sent to them since."""
    if not launch.was_sent:
        return []
    told = [_stands(launch.received, after.added)] if launch.received else []
    return [*told, *(_corrected(other.named(one.launch, one.address)) for one in after.corrections if one.launch)]


def _stands(received: receiving.Received, added: int) -> str:
    filling = received.filling
    if received.step is receiving.ReceivedStep.FAILED and received.failed:
        return clip(_("*Sent to:* not told. {why}").format(why=said(received.failed.cause)), LONGEST_LINE)
    if received.step is receiving.ReceivedStep.ASKED or filling is None:
        return _("*Sent to:* asked for by {who}; the list is closed once no more events come.").format(
            who=person(received.by)
        )
    if received.step is receiving.ReceivedStep.DONE:
        return plural(
            "*Sent to:* {n} person, now in segment {segment}",
            "*Sent to:* {n} people, now in segment {segment}",
            received.added,
            segment=str(filling.segment),
        )
    return plural(
        "*Sent to:* {added} of {n} person is in segment {segment} so far",
        "*Sent to:* {added} of {n} people are in segment {segment} so far",
        filling.people,
        added=added,
        segment=str(filling.segment),
    )


def _corrected(campaign: str) -> str:
    return _("*Corrected by:* campaign {campaign}").format(campaign=campaign)


def news(who: str, launch: Launch, event: receiving.ReceivedAsked | receiving.ReceivedNews) -> str:
    """The thread's reply."""
    match event:
        case receiving.ReceivedAsked():
            return _(
                ":mag: {who} asks who received it. Once no more events of its sending come, these people are put into "
                "a segment, one by one. Nobody is mailed by that."
            ).format(who=who)
        case receiving.FillingStarted() as started:
            return " ".join([":mag: " + _begun(started), *_left_out(started)])
        case receiving.FillingProgressed(added):
            people = launch.received.filling.people if launch.received and launch.received.filling else added
            return ":mag: " + plural(
                "{added} of {n} person is in the segment.",
                "{added} of {n} people are in the segment.",
                people,
                added=added,
            )
        case receiving.FillingDone() as done:
            return _done(launch, done)
        case receiving.FillingFailed(cause, added):
            failed = _(":warning: Who received it is not told completely. {why}")
            return " ".join([failed.format(why=said(cause)), *_so_far(added)])


def notice(launch: Launch) -> Phrase:
    """What stands on the form of a correction."""
    return Phrase(
        "This is a correction: it goes to those who received campaign {campaign} (asked for {moment}), in {source}. "
        "Choose the campaign that corrects it. It is guarded like any launch.",
        campaign=_campaign(launch),
        moment=launch.requested_at,
        source=named(receivers(launch)),
    )


def _campaign(launch: Launch) -> Phrase:
    """`82 “Black Friday”`, the name where it is known."""
    campaign, number = launch.preview.campaign, str(launch.request.campaign_id)
    if campaign is None or not campaign.name:
        return Phrase.as_it_is(number)
    return Phrase("{id} “{name}”", id=number, name=clip(campaign.name, LONGEST_NAME))


def _begun(started: receiving.FillingStarted) -> str:
    return plural(
        "The platform's events name {n} person whom it was sent to. They go into segment {segment} of database "
        "{database} now.",
        "The platform's events name {n} people whom it was sent to. They go into segment {segment} of database "
        "{database} now.",
        started.people,
        segment=str(started.segment),
        database=str(started.database),
    )


def _left_out(started: receiving.FillingStarted) -> list[str]:
    """Who may be missing, or too many."""
    told = []
    if started.nameless:
        told.append(
            plural(
                "{n} event named no profile, so that one is missing.",
                "{n} events named no profile, so those are missing.",
                started.nameless,
            )
        )
    if started.elsewhere:
        told.append(
            plural(
                "{n} person of another database cannot be in it.",
                "{n} people of another database cannot be in it.",
                started.elsewhere,
            )
        )
    if started.ambiguous:
        told.append(
            plural(
                "{n} event may be of an earlier run of the campaign: the two cannot be told apart.",
                "{n} events may be of an earlier run of the campaign: the two cannot be told apart.",
                started.ambiguous,
            )
        )
    return told


def _done(launch: Launch, done: receiving.FillingDone) -> str:
    segment = launch.received.filling.segment if launch.received and launch.received.filling else 0
    told = [
        ":white_check_mark: "
        + plural(
            "{n} person whom it was sent to is in segment {segment} now.",
            "{n} people whom it was sent to are in segment {segment} now.",
            done.added,
            segment=str(segment),
        )
    ]
    if done.refused:
        told.append(
            plural(
                "The platform did not take {n} of them (error {code}).",
                "The platform did not take {n} of them (error {code}).",
                done.refused,
                code=str(done.code),
            )
        )
    if done.unkept:
        told.append(
            plural(
                "{n} event of sending is not in it: it came too late, or before profile ids were kept.",
                "{n} events of sending are not in it: they came too late, or before profile ids were kept.",
                done.unkept,
            )
        )
    told.append(_("The profile ids are removed here. To send these people a correction, use the card's button."))
    return " ".join(told)


def _so_far(added: int) -> list[str]:
    if not added:
        return []
    return [
        plural(
            "{n} person is in the segment by now: a correction would miss the others.",
            "{n} people are in the segment by now: a correction would miss the others.",
            added,
        )
    ]
