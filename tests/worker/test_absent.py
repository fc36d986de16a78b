"""What the platform says it does not have, and how little it takes for a no to be none."""

import json

import pytest

from bot.altcraft.client import WireFormat
from bot.altcraft.directory import PlatformDirectory
from bot.campaign.campaign import Absent, Preview
from bot.campaign.encoding import decode_preview, encode_preview
from bot.campaign.request import LaunchId, Source, SourceKind
from bot.launch.events import Approved
from bot.launch.outcome import NotSent
from bot.phrase import Phrase
from bot.policy.context import PolicyContext
from bot.policy.demands import Demands
from bot.policy.policy import Policy, RoleList
from bot.slack.private_metadata import LONGEST_METADATA, Shown, private_metadata
from bot.worker.gate import Gate
from tests.altcraft.builders import client, envelope, keeps_all
from tests.altcraft.serving import Server, answer, routed, silence
from tests.builders import ANA, BEN, PREVIEW, Clock, asked, journal_at, launch
from tests.message.builders import unchecked

SEGMENT = Source(SourceKind.SEGMENT, 5)
DATABASE = Source(SourceKind.LIST, 5)
GONE = Preview(audience=PREVIEW.audience, missing=(Absent.CAMPAIGN,))


def missing(handler, source):
    with Server(routed({}, handler)) as server:
        platform = client(server.url, timeout=0.3)
        directory = PlatformDirectory(platform, keeps_all)
        try:
            return directory.preview(82, source).missing
        finally:
            directory.close()
            platform.close()


@pytest.mark.parametrize("code", [400, 404])
def test_a_plain_no_names_what_was_asked_for_and_nothing_else(code):
    no = answer(envelope(WireFormat.JSON, code, "no such object"))
    assert missing(no, SEGMENT) == (Absent.CAMPAIGN, Absent.SOURCE)
    assert missing(no, DATABASE) == missing(no, None) == (Absent.CAMPAIGN,)


@pytest.mark.parametrize("code", [401, 402, 403, 440, 500])
def test_no_answer_about_rights_or_of_unknown_meaning_counts_as_a_no(code):
    assert missing(answer(envelope(WireFormat.JSON, code, "No such campaign")), SEGMENT) == ()


def test_no_silence_and_no_nonsense_counts_as_a_no():
    assert missing(silence, SEGMENT) == ()
    assert missing(answer(b"<html>404</html>"), SEGMENT) == ()


class Everybody:
    def holds(self, _person, _role):
        return True

    def held(self, _person, among):
        return frozenset(among)


def test_no_campaign_that_is_gone_passes_the_gate_however_lax_the_policy(tmp_path):
    lax = Demands(goes_on_unread=True)
    members = {name: RoleList((ANA, BEN)) for name in ("requester", "approver", "admin")}
    policy = Policy(roles=members, base=lax)
    gate = Gate(
        journal_at(tmp_path, Clock()), PolicyContext(lambda: policy, Everybody(), lambda *_: (), unchecked()), None
    )
    one = launch((BEN, Approved()), requested=asked(demands=lax))
    assert gate.check(one, Preview(audience=PREVIEW.audience, failed=True)) is None
    assert gate.check(one, GONE) == NotSent(
        Phrase("the platform says that the campaign or the audience is no longer there")
    )


def test_a_preview_from_before_anything_could_be_missing_is_written_as_it_was():
    assert "missing" not in encode_preview(PREVIEW)
    assert decode_preview(encode_preview(PREVIEW)) == PREVIEW
    assert decode_preview(encode_preview(GONE)) == GONE


def test_a_form_never_forgets_what_is_missing_however_much_the_platform_says():
    long = Preview(problems=(Phrase.as_it_is("ж" * 3000),), missing=(Absent.CAMPAIGN,))
    carried = private_metadata(LaunchId("L1"), "C0LAUNCH", Shown(82, None, long))
    assert len(carried) <= LONGEST_METADATA
    assert decode_preview(json.loads(carried)["shown"]["preview"]).missing == (Absent.CAMPAIGN,)
