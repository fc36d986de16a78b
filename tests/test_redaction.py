"""What is made unreadable: secrets in every form that a line may hold them in, and nothing that only looks like one."""

import json

import pytest

from bot.redaction import hiding

TOKEN = "xoxb-12345-abc"


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        (TOKEN, f"Bearer{TOKEN}."),
        ("s3cr3t/p@ss", "postgresql://bot:s3cr3t%2Fp%40ss@db/journal"),
        ('a "quoted" one', json.dumps({"message": 'a "quoted" one'})),
        ("hunter2", "postgresql://bot:hunter2@db/journal"),
    ],
)
def test_a_secret_is_hidden_in_each_form_that_it_may_stand_in(secret, text):
    hidden = hiding([secret])(text)
    assert "•••" in hidden
    assert len(hidden) < len(text)
    assert not any(form in hidden for form in (secret, "s3cr3t", "quoted"))


def test_a_short_secret_leaves_the_words_alone_that_it_is_a_piece_of():
    assert hiding(["no"])("no card can be posted: not now") == "••• card can be posted: not now"


def test_the_longer_of_two_secrets_is_hidden_whole():
    assert hiding([TOKEN, f"{TOKEN}-and-more"])(f"<{TOKEN}-and-more>") == "<•••>"


@pytest.mark.parametrize("secrets", [(), ("",)])
def test_without_secrets_nothing_is_changed(secrets):
    assert hiding(secrets)("as it was") == "as it was"
