"""What is wrong with a message is told before anybody is asked about it: each check bites once, and passes once."""

from collections.abc import Callable

import pytest

from bot.message.finding import Check
from bot.message.text import MOST_TEXT
from sandbox.altcraft.objects import Source
from sandbox.cast import ANA, texts
from tests.end_to_end.scene import Scene

POLICY = """
[always]
checks = "all_pass"

[message_checks]
placeholders = ["coming soon"]
staging_hosts = ["staging.shop.example"]
unsubscribe = ["https://shop.example/unsubscribe"]
most_sms_parts = 2
repeat_days = 7
"""

BITES = "The policy wants the message to pass its checks:"

Arranges = Callable[[Scene], None]


def of_the_mail(**fields: str) -> Arranges:
    return lambda scene: scene.platform.edit_template(78, "email", fields)


def in_the_mail(more: str) -> Arranges:
    def written(scene: Scene) -> None:
        html = str(scene.platform.templates[78].channels["email"]["html"])
        scene.platform.edit_template(78, "email", {"html": html.replace("</body>", f"{more}</body>")})

    return written


def without_unsubscribing(scene: Scene) -> None:
    html = str(scene.platform.templates[78].channels["email"]["html"])
    scene.platform.edit_template(78, "email", {"html": html.replace("/unsubscribe", "/farewell")})


def emptied(scene: Scene) -> None:
    scene.platform.edit_template(78, "email", dict.fromkeys(("html", "text", "subject", "from_name", "from_email"), ""))


def drafted(scene: Scene) -> None:
    scene.platform.templates[78].is_draft = True


def without_people(scene: Scene) -> None:
    for segment in list(scene.platform.segments):
        scene.platform.resize("segment", segment, 0)


CHECKS: dict[Check, tuple[Arranges, str]] = {
    Check.READ: (lambda scene: scene.platform.switch(templates="no_right"), "it could not be read"),
    Check.WHOLE: (in_the_mail("<p>a</p>" * MOST_TEXT), "Read the rest in the platform."),
    Check.CHANNEL: (emptied, "The template has nothing to send"),
    Check.SUBJECT: (of_the_mail(subject="  "), "The subject is empty"),
    Check.MISSING_VARIABLE: (of_the_mail(subject="{apicontent.promoo}"), "Is “promo” meant to be “promoo”?"),
    Check.UNUSED_VARIABLE: (
        of_the_mail(html='<p>Hello <a href="https://shop.example/unsubscribe">no more</a></p>', text="Hello"),
        "promo: given and not used.",
    ),
    Check.BRACES: (of_the_mail(subject="Hello {lead._fname"), "A brace in subject has no other half"),
    Check.DRAFT: (drafted, "The template is marked as a draft"),
    Check.TEXT_VERSION: (of_the_mail(text=""), "The e-mail has no text version"),
    Check.EMPTY_LINK: (in_the_mail('<a href="#">Coats</a>'), "The link on “Coats” leads nowhere"),
    Check.INSECURE_LINK: (in_the_mail('<a href="http://shop.example/">A</a>'), "does not begin with https://"),
    Check.BARE_ADDRESS: (in_the_mail('<a href="https://192.0.2.7/">A</a>'), "leads to a bare network address"),
    Check.LOCALHOST: (in_the_mail('<a href="https://localhost/">A</a>'), "leads to the reader's own computer"),
    Check.STAGING_HOST: (in_the_mail('<a href="https://a.staging.shop.example/">A</a>'), "leads to a staging host"),
    Check.PLACEHOLDER: (of_the_mail(subject="Coming soon"), "“coming soon” was left over"),
    Check.UNSUBSCRIBE: (without_unsubscribing, "The e-mail has no link to unsubscribe"),
    Check.AUDIENCE: (without_people, "The audience is empty"),
}
"""How each check of an e-mail is made to bite, and what is told then."""


@pytest.fixture
def scene(scene):
    """The scene with the templates as they were, and a policy that wants every check to pass."""
    templates = dict(scene.platform.templates)
    scene.policy(POLICY)
    yield scene
    scene.run(lambda: scene.platform.templates.update(templates))


def is_refused(scene: Scene, command: str, told: str) -> None:
    before = len(scene.run(scene.cast.cards))
    assert told in texts(scene.opens(command))
    assert scene.submits(ANA) == {}
    assert told in texts(scene.sees_modal(ANA, "Not done"))
    assert len(scene.run(scene.cast.cards)) == before


def passes(scene: Scene, command: str) -> dict:
    card = scene.asks(command)
    assert " passed." in texts(scene.sees_card(card, "*Checks:* all "))
    return card


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.value)
def test_a_launch_whose_message_fails_a_check_is_refused_and_one_that_passes_it_is_asked_for(scene, check):
    arranges, told = CHECKS[check]
    command = f"{scene.adds_campaign(message_id=78)} run_now content.promo=SPRING"
    segments = dict(scene.platform.segments)
    templates = dict(scene.platform.templates)

    scene.run(lambda: arranges(scene))
    is_refused(scene, command, told)

    def mended() -> None:
        scene.platform.templates.update(templates)
        scene.platform.templates[78].is_draft = None
        scene.platform.segments.update(segments)
        scene.platform.switch(templates="normal")

    scene.run(mended)
    passes(scene, command)


def test_an_sms_of_more_parts_than_may_be_is_refused_and_a_shorter_one_is_asked_for(scene):
    command = f"{scene.adds_campaign(message_id=80, channel='sms')} run_now source=list:1 content.code="
    is_refused(scene, command + "7" * 200, "The SMS has 3 parts in GSM 03.38, and may have 2")
    passes(scene, command + "7")


def test_the_same_message_to_the_same_audience_is_refused_and_another_audience_is_asked_for(scene):
    number = scene.adds_campaign(message_id=78)
    command = f"{number} run_now content.promo=SPRING"
    first = passes(scene, command)
    scene.presses("U0BEN", first, "launch:approve")
    scene.sees_reply(first, "accepted the launch")

    again = scene.adds_campaign(message_id=78, source=Source("segment", number))
    is_refused(scene, f"{again} run_now content.promo=SPRING", "The same audience got this message before (")
    passes(scene, f"{again} run_now source=segment:5 content.promo=SPRING")


def test_every_check_has_a_launch_here():
    assert set(Check) == {*CHECKS, Check.SMS_PARTS, Check.REPEAT}
