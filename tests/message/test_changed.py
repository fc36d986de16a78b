"""What voids an approval of a launch's messages: whatever is sent otherwise, and nothing else."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.message.changed import MOST_TOLD, changed, is_lost
from bot.message.message import PASSING, MessageUnread, Unread, digest_of, ref_of
from bot.phrase import Phrase
from tests.message.builders import Known, email, message

SPRING, SUMMER = email(), email(subject="Summer is here")
OTHER = message(message_id=78)
UNREAD = {cause: MessageUnread(cause, Phrase("Why."), 77) for cause in Unread}
EVERY = (SPRING, SUMMER, OTHER, *UNREAD.values(), MessageUnread(Unread.NOT_NAMED))
KNOWN = Known(SPRING, SUMMER, OTHER)


def found(old, new, **how):
    return changed([ref_of(one) for one in old], [ref_of(one) for one in new], KNOWN, **how)


def test_what_is_the_same_is_no_change():
    assert not found([SPRING, OTHER], [SPRING, OTHER])
    assert not found([SPRING, OTHER], [OTHER, SPRING])


def test_another_subject_is_told_as_people_read_it_and_who_edited_last_once():
    at = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    edited = replace(SUMMER, template=replace(SUMMER.template, updated_by="olga", updated_at=at))

    voided = changed([ref_of(SPRING)], [ref_of(edited)], Known(SPRING, edited))

    assert [(str(one.what), one.old, one.new, one.by) for one in voided.changes] == [
        ("the subject", "Spring is here", "Summer is here", "")
    ]
    assert voided.notes == ("Last edited by olga, 2026-11-20 09:00 UTC.",)


def test_more_and_fewer_and_other_templates_are_told():
    assert found([SPRING], [SPRING, OTHER]).notes == ("Template 78 is sent as well now.",)
    assert found([SPRING, OTHER], [SPRING]).notes == ("Template 78 is not sent any more.",)
    assert next(str(one.what) for one in found([SPRING], [OTHER]).changes) == "the template"


@pytest.mark.parametrize("cause", Unread)
def test_what_can_be_read_now_has_been_approved_by_nobody(cause):
    assert found([UNREAD[cause]], [SPRING]).notes == ("The message can be read now, and nobody has approved it.",)
    assert not found([UNREAD[cause]], [SPRING], unknown_counts=False)


@pytest.mark.parametrize("cause", Unread)
def test_what_cannot_be_read_any_more_is_a_change_or_is_tried_again(cause):
    lost = is_lost([ref_of(SPRING)], [ref_of(UNREAD[cause])])

    assert lost == (cause in PASSING)
    assert bool(found([SPRING], [UNREAD[cause]])) == (not lost)


def test_earlier_records_tell_no_message_and_nothing_is_held_against_them():
    assert not found([], [SPRING])
    assert not found([SPRING], [])


def test_a_message_that_is_not_kept_any_more_is_another_one_all_the_same():
    assert changed([ref_of(SPRING)], [ref_of(SUMMER)], Known(SUMMER))
    assert changed([ref_of(SPRING)], [ref_of(SUMMER)], Known())


def test_however_much_has_changed_what_is_told_is_bounded_and_says_so():
    many = [message(message_id=100 + n) for n in range(20)]
    others = [message(message_id=100 + n, fields={"subject": f"S{n}", "text": "Other"}) for n in range(20)]

    voided = changed([ref_of(one) for one in many], [ref_of(one) for one in others], Known(*many, *others))

    assert len(voided.changes) + len(voided.notes) == MOST_TOLD + 1
    assert voided.notes[-1].endswith("more changes are not listed here.")


@given(
    st.lists(st.sampled_from(EVERY), min_size=1, max_size=4), st.lists(st.sampled_from(EVERY), min_size=1, max_size=4)
)
def test_nothing_else_is_ever_sent_unnoticed(old, new):
    """Whatever makes another digest, in whatever order, voids the approvals or holds the launch until it is read."""
    was, now = [ref_of(one) for one in old], [ref_of(one) for one in new]
    is_same = sorted(digest_of([one]) for one in was) == sorted(digest_of([one]) for one in now)

    assert bool(found(old, new)) or is_lost(was, now) or is_same
