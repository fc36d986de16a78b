"""What a person is told whose action was refused. Nothing here decides anything."""

from collections.abc import Mapping, Sequence

from bot.launch.state import State
from bot.phrase import told
from bot.policy import refusals
from bot.policy.refusals import Reason
from bot.policy.roles import Action, Role
from bot.slack.views import brakes, notices, sentences, testing
from bot.slack.views.needs import typed
from bot.slack.views.technical import plainly
from bot.slack.views.text import all_said, holder, person, role_name, said, when
from bot.texts import _, either, mark, plural

_DEEDS: Mapping[Action, str] = {
    Action.REQUEST: mark("ask for a launch"),
    Action.ASK_CHANGES: mark("ask for changes to a launch"),
    Action.APPROVE: mark("approve a launch"),
    Action.REJECT: mark("reject a launch"),
    Action.EDIT: mark("edit a launch"),
    Action.BREAK_GLASS: mark("launch without approval"),
    Action.CANCEL: mark("cancel somebody else's launch"),
    Action.LOOK: mark("have a launch in doubt looked into"),
    Action.VOUCH: mark("say whether a launch in doubt ran"),
    Action.READ: mark("look at campaigns and launches"),
    Action.EXPORT: mark("export the record"),
    Action.STOP: mark("stop a campaign"),
    Action.TEST: mark("send a test to reviewers"),
    Action.RELEASE: mark("release the rest after a canary"),
    Action.STOP_HERE: mark("end somebody else's launch after its canary"),
    Action.WHO_GOT_IT: mark("ask whom a launch was sent to"),
}

VARIABLES: Mapping[str, str] = {
    Role.REQUESTER: "REQUESTERS",
    Role.APPROVER: "APPROVERS",
    Role.ADMIN: "ADMINS",
}
"""The settings that list who holds a role."""

COUNTED = mark("Only active members of this workspace count; guests count only where their own id is listed.")

_WITHOUT_APPROVAL = mark("{who} launched it without approval {when}.")

_MOVED: Mapping[str, str] = {
    State.REQUESTED: mark("It is still waiting for approval."),
    State.APPROVED: mark("{who} approved it {when}."),
    State.LAUNCHING: mark("It is being sent to the platform right now."),
    State.LAUNCHED: mark("It was launched {when}."),
    State.RUNNING: mark("It is running since {when}."),
    State.FINISHED: mark("Its run finished {when}."),
    State.REJECTED: mark("{who} rejected it {when}."),
    State.CANCELLED: mark("{who} cancelled it {when}."),
    State.EXPIRED: mark("It expired {when}, because nobody had decided by then."),
    State.REFUSED: mark("The platform refused it {when}."),
    State.UNREACHED: mark("It ended {when} without a launch."),
    State.IN_DOUBT: mark("It is in doubt since {when}, so it may have been launched, or not: see the card."),
    State.ADOPTED: mark("It was taken on to be stopped {when}: see the card."),
    State.STOPPED: mark("It was stopped, or switched off in the platform, {when}: see the card."),
}


def why_refused(  # noqa: C901 -- one arm a reason is the plainest shape
    reason: Reason, who_to_ask: Mapping[str, tuple[str, ...]], card_link: str = ""
) -> str:
    """The sentence for somebody whose action was refused; `who_to_ask` is the configured role lists.

    `card_link` is the address of the card that stands in the way, where there is one.
    """
    match reason:
        case refusals.MissingRole() as missing:
            return _missing_role(missing, who_to_ask)
        case refusals.RolesNotChecked(_, cause):
            return _(
                "I could not check your role: {cause}. To be safe, nothing was done. Try again in a minute; "
                "if it stays so, tell {people}."
            ).format(cause=said(cause), people=ask(who_to_ask))
        case refusals.FromElsewhere():
            return _(
                "This came from another workspace, organisation or app than the one in which the bot is installed. "
                "Nothing was done: use the bot in its own workspace."
            )
        case refusals.OwnRequest():
            return _("You asked for this launch, so somebody else has to approve it. You can cancel it.")
        case refusals.OwnWish():
            return _("You asked for this launch yourself: press Edit… on its card, and change it.")
        case refusals.OwnDoubt():
            return _(
                "You asked for this launch, so somebody else has to say that it did not run: after that it can be "
                "asked for again, and it must not go out twice. Ask another approver or an admin to look in the "
                "platform."
            )
        case refusals.ApprovedAlready():
            return _("Your approval is already counted. The rest has to come from somebody else.")
        case refusals.TooLate(state, by, at, without_approval):
            moved = _(_WITHOUT_APPROVAL if without_approval else _MOVED[state]).format(who=person(by), when=when(at))
            return _("Nothing was done by this click. {moved}").format(moved=moved)
        case refusals.CampaignInDoubt(requester, since, channel):
            its_card = _("Its card")
            return _(
                "A launch of this campaign that {who} asked for is in doubt since {when}: it may "
                "have been sent. {card} in {channel} asks an approver or admin to settle that first. "
                "Until then, nothing is sent for this campaign."
            ).format(
                who=person(requester),
                when=when(since),
                card=f"<{card_link}|{its_card}>" if card_link else its_card,
                channel=f"<#{channel}>",
            )
        case refusals.PolicyNotRead(cause):
            unread = _("The policy cannot be read: {cause} To be safe, nothing was done. Tell {people}.")
            return unread.format(cause=said(cause), people=ask(who_to_ask))
        case refusals.PolicyForbids(reasons):
            return _("The policy does not allow this launch. {reasons}").format(reasons=all_said(reasons))
        case refusals.TooFewApprovers(role, wanted, there_are):
            return _too_few(role, wanted, there_are, who_to_ask)
        case refusals.ChangedSince(found, notes):
            return _("Your click did not count. {changed}\nThe card shows what there is now.").format(
                changed=sentences.changed_since(found, notes)
            )
        case refusals.NotReadAgain(problems):
            unread = _(
                "I could not read the campaign again, to see that it is still what was asked for, so your click did "
                "not count."
            )
            return " ".join([unread, *map(plainly, problems), _("Try again when the platform answers.")])
        case refusals.NotTheRequester(requester):
            return _("Only {who}, who asked for this launch, can edit it.").format(who=person(requester))
        case refusals.ShownOtherwise():
            return _(
                "Your click did not count: the request has changed since the card you clicked on, or the bot has been "
                "updated since. Look at the card as it is now, and decide again."
            )
        case refusals.EditsOtherwise():
            return told(notices.EDITS_OTHERWISE)
        case refusals.NotTyped(wanted):
            untyped = _("Your click did not count: the policy wants {what} typed. Press the button again.")
            return untyped.format(what=typed(wanted))
        case refusals.GlassNotAllowed():
            return _("The policy lets nobody launch this without approval.")
        case refusals.NotOfTests():
            return _("A test is not edited: it sends what there is, to the reviewers of the policy. Ask for another.")
        case refusals.TooManyTests(most):
            return testing.too_many(most)
        case (
            refusals.ReleasedAlready()
            | refusals.CanaryUnderWay()
            | refusals.CanaryInDoubt()
            | refusals.CanaryStopped()
            | refusals.BrakesOn()
            | refusals.RecordDoubted()
        ):
            return _about_a_canary(reason, who_to_ask)
        case refusals.NoRecipients(why):
            return _("Nothing was done. {why}").format(why=said(why))
        case refusals.CancelInstead():
            return _("Nothing was sent yet, so there is nothing to stop: press Cancel instead.")
        case refusals.BeingSent():
            return _(
                "Nothing was stopped: it is being sent to the platform right now, and a stop might come before it. Try "
                "again in a moment."
            )
        case refusals.StopUnderWay(by, at) if not by:
            brake = _("The policy's brakes have asked to stop it already, {when}. The card tells what became of it.")
            return brake.format(when=when(at))
        case refusals.StopUnderWay(by, at):
            under_way = _("{who} has asked to stop it already, {when}. The card tells what became of it.")
            return under_way.format(who=person(by), when=when(at))
        case refusals.NoRoomForCard(campaign_id):
            return _(
                "I have no launch of campaign {id}, so the stop needs a card of its own, and I do not know in which "
                "channel. Type `/campaign-stop {id}` in the channel where it should stand."
            ).format(id=campaign_id)
        case refusals.NoSuchLaunch():
            return _("I know no such launch. If the card is old, the record may have been replaced: ask for it anew.")


def _about_a_canary(
    reason: refusals.ReleasedAlready
    | refusals.CanaryUnderWay
    | refusals.CanaryInDoubt
    | refusals.CanaryStopped
    | refusals.BrakesOn
    | refusals.RecordDoubted,
    who_to_ask: Mapping[str, tuple[str, ...]],
) -> str:
    match reason:
        case refusals.ReleasedAlready(by, at):
            who = person(by) if by else _("The policy")
            return _("Nothing was done by this click. {who} released the rest {when}.").format(who=who, when=when(at))
        case refusals.CanaryUnderWay(until):
            if until is None:
                return _("The rest cannot be released yet: the canary's run was not seen to start.")
            return _("The rest cannot be released yet: it waits until {when}.").format(when=when(until))
        case refusals.CanaryInDoubt():
            return _(
                "Nobody knows whether the canary ran. Settle that on its own card first; then the rest can be released."
            )
        case refusals.CanaryStopped(by, at):
            asked = _("{who} asked to stop the canary, {when}.").format(who=person(by), when=when(at))
            brake = _("The policy's brakes asked to stop the canary, {when}.").format(when=when(at))
            return " ".join(
                [
                    asked if by else brake,
                    _("So nothing is released before this card tells what came of that. Look at it in a moment."),
                ]
            )
        case refusals.BrakesOn(figures):
            return _("A brake is on, so the rest is not released: {figures}.").format(figures=brakes.told(figures))
        case refusals.RecordDoubted():
            return _(
                "The record of this launch, or of its canary, is not what I have written, so nothing rests on it. "
                "Somebody may have changed the database. Tell {people}."
            ).format(people=ask(who_to_ask))


def _too_few(role: str, wanted: int, there_are: int, who_to_ask: Mapping[str, tuple[str, ...]]) -> str:
    if there_are:
        needed = plural(
            "One approval from the role {role} would be needed, and {people} could give it.",
            "{n} approvals from the role {role} would be needed, and {people} could give them.",
            wanted,
            role=role_name(role),
            people=plural("only one person", "only {n} people", there_are),
        )
    else:
        needed = plural(
            "One approval from the role {role} would be needed, and nobody could give it.",
            "{n} approvals from the role {role} would be needed, and nobody could give them.",
            wanted,
            role=role_name(role),
        )
    expire = _("It could only expire, so it was not asked for. To add people, ask {admins}.")
    return f"{needed} {expire.format(admins=ask(who_to_ask))}"


def _missing_role(missing: refusals.MissingRole, who_to_ask: Mapping[str, tuple[str, ...]]) -> str:
    """Names nobody twice: whoever can do it is not named once more as somebody who can add people."""
    needed = missing.needed
    roles = either([role_name(role) for role in needed])
    # A role of the policy's own has no list in the settings.
    lists = either([VARIABLES.get(role) or role_name(role) for role in needed])
    holders = [one for role in needed for one in who_to_ask.get(role, ())]
    able = [one for one in dict.fromkeys((*missing.also, *holders)) if one not in missing.but]
    deed = _(_DEEDS[missing.action])
    cannot = _("You cannot {deed}: you are not in the {roles} list.").format(deed=deed, roles=roles)
    if able:
        can = _("{people} can do it.").format(people=either([holder(one) for one in able[:6]]))
    elif missing.but:
        can = _("At the moment nobody else can.")
    else:
        can = _("{lists} is empty, so nobody can.").format(lists=lists)
    add = _("To be added, ask {people} ({lists} in the settings, or the roles in the policy file).")
    return f"{cannot} {can} {add.format(people=ask(who_to_ask, able), lists=lists)} {_(COUNTED)}"


def ask(who_to_ask: Mapping[str, tuple[str, ...]], named: Sequence[str] = ()) -> str:
    """Who can help: the admins, but for those who are named in the sentence already."""
    admins = who_to_ask[Role.ADMIN]
    others = [holder(one) for one in admins if one not in named]
    if others:
        return either(others[:4])
    return _("an admin") if admins else _("whoever runs campaign-bot")
