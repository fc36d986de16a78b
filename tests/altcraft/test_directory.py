"""Previews with each of their parts failing, and the searchable lists."""

import json
import threading
import time
from contextlib import contextmanager
from dataclasses import replace

import pytest

from bot.altcraft.client import WireFormat
from bot.altcraft.directory import PlatformDirectory
from bot.campaign.campaign import Audience, Choice, Directory, MessageRef, SizeBasis
from bot.campaign.encoding import decode_preview, encode_preview
from bot.campaign.request import Source, SourceKind
from tests.altcraft.builders import client, envelope, keeps_all, success
from tests.altcraft.serving import Server, answer, routed, silence
from tests.waiting import until

API = "/api/v1.1"
SEGMENT, DATABASE = Source(SourceKind.SEGMENT, 5), Source(SourceKind.LIST, 2)

CAMPAIGN = {
    "id": 82,
    "name": "April digest",
    "type": "broadcast",
    "data_type": "segment",
    "data_id": 5,
    "resource_id": 12,
}
BROADCAST = {
    "id": 82,
    "name": "April digest",
    "send_channel": "email",
    "data_type": "segment",
    "data_id": 5,
    "resource_id": 12,
}
COUNTERS = [{"channel": "email", "status": {"subscribed_sendable": 47100}}]
REFUSED = answer(envelope(WireFormat.JSON, 404, "no such object"))

WHOLE = {
    "/campaigns/get": answer(success(CAMPAIGN)),
    "/campaigns/broadcasts/get": answer(success(BROADCAST)),
    "/segments/get/": answer(success({"id": 5, "name": "Active 30d", "count": 48210, "segment": [{"list_id": 2}]})),
    "/segments/get_counters": answer(success(COUNTERS)),
    "/databases/get_counters": answer(success([{"channel": "email", "status": {"subscribed_sendable": 90000}}])),
    "/databases/list/": answer(success([{"id": 2, "name": "Customers"}])),
}


@contextmanager
def platform_where(changes=None, **named):
    """A directory over a platform whose endpoints answer as WHOLE says, but for the changes."""
    answers = {API + path: handler for path, handler in (WHOLE | (changes or {})).items()}
    with Server(routed(answers, REFUSED)) as server:
        platform = client(server.url, timeout=named.pop("timeout", 5.0))
        directory = PlatformDirectory(platform, named.pop("keep", keeps_all), **named)
        yield directory, server
        directory.close()
        platform.close()


def asked(server, path):
    return [json.loads(got.body) for got in server.requests if got.path == API + path]


def audience(source, name, size=None, basis=None):
    return Audience(source=source, name=name, size=size, basis=basis)


def without_definition(told):
    return told and replace(told, definition="")


def test_the_directory_is_one():
    directory: Directory = PlatformDirectory(client("http://127.0.0.1:9"), keeps_all)
    directory.close()


def test_a_preview_tells_the_campaigns_own_audience_in_its_channel():
    with platform_where() as (directory, server):
        preview = directory.preview(82, None)

    assert preview.campaign.name == "April digest"
    assert preview.campaign.channel == "email"
    assert without_definition(preview.audience) == audience(SEGMENT, "Active 30d", 47100, SizeBasis.SENDABLE)
    assert preview.problems == ()
    assert [(one["id"], one["resource_id"], one["list_id"]) for one in asked(server, "/segments/get_counters")] == [
        (5, 12, 2)
    ]


TEMPLATE = {"id": 77, "name": "Spring", "channels": [{"sid": "email", "fields": {"subject": "Hi"}}]}
WITH_MESSAGE = {
    "/campaigns/get": answer(success(CAMPAIGN | {"content": [{"message_id": 77}]})),
    "/templates/get": answer(success(TEMPLATE)),
}


def test_a_preview_refers_to_the_message_which_is_kept():
    kept = []
    with platform_where(WITH_MESSAGE, keep=kept.append) as (directory, _):
        preview = directory.preview(82, None)

    assert [(one.template.name, one.sent_by) for one in kept] == [("Spring", "email")]
    assert preview.messages == (MessageRef(message_id=77, digest=kept[0].digest),)
    assert decode_preview(encode_preview(preview)) == preview


def test_a_message_that_cannot_be_read_leaves_the_rest_as_it_is():
    with platform_where(WITH_MESSAGE | {"/templates/get": REFUSED}) as (directory, _):
        preview = directory.preview(82, None)

    assert [(one.digest, one.cause) for one in preview.messages] == [("", "no_template")]
    assert preview.messages[0].sentence.startswith("Template 77 could not be read.")
    assert (preview.audience.size, preview.problems, preview.failed) == (47100, (), False)


def test_a_message_that_cannot_be_kept_is_not_covered():
    def full(message):
        raise OSError("the disk is full")

    with platform_where(WITH_MESSAGE, keep=full) as (directory, _):
        preview = directory.preview(82, None)

    assert [(one.digest, one.cause) for one in preview.messages] == [("", "not_answered")]


def test_the_next_preview_reads_the_message_beside_the_campaign():
    meeting = threading.Barrier(2, timeout=5)

    def meet(handler):
        def handle(connection, got):
            meeting.wait()
            return handler(connection, got)

        return handle

    with platform_where(WITH_MESSAGE) as (directory, server):
        directory.preview(82, None)
        answers = {path: meet(handler) for path, handler in WITH_MESSAGE.items()}
        server.handler = routed({API + path: handler for path, handler in (WHOLE | answers).items()}, REFUSED)
        preview = directory.preview(82, None)

    assert preview.messages[0].digest


def test_a_preview_tells_the_audience_that_was_asked_for():
    with platform_where() as (directory, _):
        preview = directory.preview(82, DATABASE)

    assert without_definition(preview.audience) == audience(DATABASE, "Customers", 90000, SizeBasis.SENDABLE)
    assert preview.problems == ()


def test_a_campaign_that_tells_all_is_asked_once():
    complete = answer(success(CAMPAIGN | {"send_channel": "email"}))
    with platform_where({"/campaigns/get": complete}) as (directory, server):
        preview = directory.preview(82, None)

    assert preview.audience.size == 47100
    assert asked(server, "/campaigns/broadcasts/get") == []


def test_the_channel_of_a_regular_campaign_comes_from_its_own_view():
    changes = {
        "/campaigns/get": answer(success(CAMPAIGN | {"type": "regular"})),
        "/campaigns/regulars/get": answer(success(BROADCAST)),
    }
    with platform_where(changes) as (directory, server):
        preview = directory.preview(82, None)

    assert preview.audience.basis is SizeBasis.SENDABLE
    assert asked(server, "/campaigns/broadcasts/get") == []


NO_OBJECT = "The platform answered with error 404: “no such object”."
FAILING = {
    "the campaign": (
        "/campaigns/get",
        SEGMENT,
        audience(SEGMENT, "Active 30d", 48210, SizeBasis.PROFILES),
        (f"Campaign 82 could not be read. {NO_OBJECT} Check its id, and that the token may see it.",),
    ),
    "the campaign, with its own audience": (
        "/campaigns/get",
        None,
        None,
        (f"Campaign 82 could not be read. {NO_OBJECT} Check its id, and that the token may see it.",),
    ),
    "its channel": (
        "/campaigns/broadcasts/get",
        None,
        audience(SEGMENT, "Active 30d", 48210, SizeBasis.PROFILES),
        (f"The channel and audience settings of campaign 82 could not be read. {NO_OBJECT}",),
    ),
    "the segment": (
        "/segments/get/",
        None,
        audience(SEGMENT, "", 47100, SizeBasis.SENDABLE),
        (f"Segment 5 could not be read. {NO_OBJECT} Check its id.",),
    ),
    "the segment's counters": (
        "/segments/get_counters",
        None,
        audience(SEGMENT, "Active 30d", 48210, SizeBasis.PROFILES),
        (f"The counters of segment 5 could not be read. {NO_OBJECT}",),
    ),
    "the database's counters": (
        "/databases/get_counters",
        DATABASE,
        audience(DATABASE, "Customers"),
        (
            f"The counters of database 2 could not be read. {NO_OBJECT}",
            "The size of the audience (database 2) is not known.",
        ),
    ),
}


@pytest.mark.parametrize(("path", "source", "expected", "problems"), FAILING.values(), ids=FAILING)
def test_a_part_that_fails_becomes_a_sentence_and_the_rest_stands(path, source, expected, problems):
    with platform_where({path: REFUSED}) as (directory, _):
        preview = directory.preview(82, source)

    assert without_definition(preview.audience) == expected
    assert preview.problems == problems
    assert (preview.campaign is None) == (path == "/campaigns/get")


def test_a_channel_that_is_not_counted_falls_back_to_the_segments_profiles():
    with platform_where({"/segments/get_counters": answer(success([]))}) as (directory, _):
        found = without_definition(directory.preview(82, None).audience)

    assert found == audience(SEGMENT, "Active 30d", 48210, SizeBasis.PROFILES)


def test_a_segment_over_several_databases_is_counted_without_naming_one():
    several = answer(success({"id": 5, "name": "Both", "count": 1, "segment": [{"list_id": 2}, {"list_id": 3}]}))
    with platform_where({"/segments/get/": several}) as (directory, server):
        directory.preview(82, None)

    assert "list_id" not in asked(server, "/segments/get_counters")[0]


def test_a_campaign_without_an_audience_says_so():
    bare = answer(success({"id": 82, "name": "Digest", "type": "trigger"}))
    with platform_where({"/campaigns/get": bare}) as (directory, _):
        preview = directory.preview(82, None)

    assert preview.campaign.name == "Digest"
    assert preview.audience is None
    assert preview.problems == ("The platform did not say which audience campaign 82 goes to.",)


def test_a_platform_that_is_silent_is_not_waited_for_longer_than_a_preview_may_take():
    silent = dict.fromkeys(WHOLE, silence)
    with platform_where(silent, preview_seconds=0.3, timeout=30.0) as (directory, _):
        begun = time.monotonic()
        preview = directory.preview(82, SEGMENT)
        took = time.monotonic() - begun

    assert took < 1
    assert preview.campaign is None
    assert without_definition(preview.audience) == audience(SEGMENT, "")
    assert preview.problems == (
        "Campaign 82 could not be read. The platform took too long to answer.",
        "Segment 5 could not be read. The platform took too long to answer.",
        "The size of the audience (segment 5) is not known.",
    )


def test_reads_that_do_not_need_each_other_go_side_by_side():
    both = threading.Barrier(2, timeout=5)

    def together(path):
        def handle(connection, got):
            both.wait()
            return WHOLE[path](connection, got)

        return handle

    with platform_where({path: together(path) for path in ("/campaigns/get", "/segments/get/")}) as (directory, _):
        assert directory.preview(82, SEGMENT).problems == ()


def test_a_platform_that_cannot_be_reached_never_raises():
    directory = PlatformDirectory(client("http://127.0.0.1:9"), keeps_all, cold_wait=0.1)

    preview = directory.preview(82, DATABASE)

    assert preview.problems[0] == (
        "Campaign 82 could not be read. The platform could not be asked: the platform's host refused the connection."
    )
    assert directory.find_campaigns("x") == ()
    directory.close()


def test_a_closed_directory_says_that_the_bot_is_stopping():
    directory = PlatformDirectory(client("http://127.0.0.1:9"), keeps_all)
    directory.close()

    assert directory.preview(82, None).problems == ("Campaign 82 could not be read. The bot is stopping.",)
    assert directory.find_campaigns("x") == ()


def test_a_mistake_in_a_read_becomes_a_sentence_too():
    class Broken:
        def __getattr__(self, _):
            return lambda *_: 1 / 0

    directory = PlatformDirectory(Broken(), keeps_all)

    assert "was logged" in directory.preview(82, None).problems[0]
    directory.close()


def test_each_kind_of_list_is_searched_in_its_own():
    lists = {
        "/campaigns/list": answer(success([{"id": 1, "name": "A campaign"}])),
        "/segments/list/": answer(success([{"id": 1, "name": "A segment"}])),
        "/databases/list/": answer(success([{"id": 1, "name": "A database"}])),
    }
    with platform_where(lists) as (directory, _):
        assert directory.find_campaigns("a ") == (Choice(1, "A campaign"),)
        assert directory.find_sources(SourceKind.SEGMENT, "a ") == (Choice(1, "A segment"),)
        assert directory.find_sources(SourceKind.LIST, "a ") == (Choice(1, "A database"),)


def test_a_second_preview_asks_everything_at_once_and_sees_what_has_changed():
    """Each answer waits until all four reads are there: one after the other, the preview would never end."""
    together = threading.Barrier(4)
    meet = threading.Event()

    def meeting(handler):
        def answered(connection, got):
            if meet.is_set():
                together.wait(5)
            return handler(connection, got)

        return answered

    reads = ("/campaigns/get", "/campaigns/broadcasts/get", "/segments/get/", "/segments/get_counters")
    with platform_where({path: meeting(WHOLE[path]) for path in reads}) as (directory, _):
        first = directory.preview(82, None)
        meet.set()
        assert directory.preview(82, None) == first
        assert first.audience.size == 47100


def test_a_guess_about_the_reads_that_is_wrong_shows_in_no_answer():
    moved = {**CAMPAIGN, "data_type": "list", "data_id": 2}
    now = {"campaign": CAMPAIGN, "broadcast": BROADCAST}

    def told(what):
        def handle(connection, got):
            return answer(success(now[what]))(connection, got)

        return handle

    changes = {"/campaigns/get": told("campaign"), "/campaigns/broadcasts/get": told("broadcast")}
    with platform_where(changes) as (directory, _):
        assert directory.preview(82, None).audience.source == SEGMENT
        now.update(campaign=moved, broadcast={**BROADCAST, "data_type": "list", "data_id": 2})
        preview = directory.preview(82, None)
        assert (preview.audience.source, preview.audience.size) == (DATABASE, 90000)


def test_lists_that_are_read_ahead_have_names_before_anybody_has_searched():
    lists = {
        "/campaigns/list": answer(success([{"id": 82, "name": "April digest"}])),
        "/segments/list/": answer(success([{"id": 5, "name": "Active 30d"}])),
    }
    with platform_where(lists) as (directory, _server):
        directory.read_ahead()
        until(lambda: directory.listed_name(82) == "April digest")
        until(lambda: directory.listed_name(SEGMENT) == "Active 30d")
        until(lambda: directory.listed_name(DATABASE) == "Customers")
