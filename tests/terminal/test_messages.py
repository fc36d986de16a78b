"""What was approved, told in a terminal years later."""

import pytest

from tests.builders import journal_on
from tests.journal.previewed import all_kinds
from tests.message.builders import email

REQUESTED, EDITED, VOIDED, TAKEN_ON = (email(subject=one) for one in ("requested", "edited", "voided", "taken on"))


@pytest.fixture
def file(tmp_path, monkeypatch):
    """A journal that refers to four messages, and an environment that holds nothing but where it is."""
    journal = tmp_path / "journal.db"
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{journal}")
    all_kinds(journal_on(f"sqlite:///{journal}"), REQUESTED, EDITED, VOIDED, TAKEN_ON)
    return journal


def test_the_kept_files_that_were_verified_are_counted(types):
    status, printed = types("audit verify")
    assert status == 0
    assert "Besides: 4 kept files.\n" in printed
