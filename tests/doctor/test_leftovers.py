"""What was copied from an example and never replaced is found without any network."""

from pathlib import Path

import pytest

from bot.doctor import examine
from tests.test_settings import WORKING

ROOT = Path(__file__).parent.parent.parent
OURS = {
    **WORKING,
    "ALTCRAFT_URL": "https://altcraft.company.test",
    "REQUESTERS": "U0AAAAAAA1",
    "APPROVERS": "U0AAAAAAA2",
    "ADMINS": "U0AAAAAAA3",
}


@pytest.fixture
def told(tmp_path, capsys):
    def tell(**changes: str) -> list[str]:
        examine({**OURS, "DATABASE_URL": f"sqlite:///{tmp_path}/journal.db", **changes}, offline=True)
        return [line for line in capsys.readouterr().out.splitlines() if line.startswith("MEND:")]

    return tell


def test_a_set_up_of_ones_own_has_nothing_to_mend(told):
    assert told() == []


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("ALTCRAFT_URL", "https://altcraft.example.com", "leads to altcraft.example.com, which is an example's"),
        ("ALTCRAFT_PROXY", "http://ann:secret@proxy.example.com:3128", "leads to proxy.example.com"),
        ("LAUNCH_CHANNEL", "C0123ABCD", "C0123ABCD, in LAUNCH_CHANNEL, is an example's id"),
        ("APPROVERS", "U0123ABCD", "U0123ABCD, in the role approver, is an example's id"),
        ("SLACK_BOT_TOKEN", "xoxp-secret", "SLACK_BOT_TOKEN does not begin with xoxb-"),
        ("SLACK_APP_TOKEN", "secret", "SLACK_APP_TOKEN does not begin with xapp-"),
        ("SLACK_CA_BUNDLE", "/nowhere.pem", "SLACK_CA_BUNDLE names /nowhere.pem, which is not there"),
        ("DATABASE_URL", "sqlite:////etc/hosts/journal.db", "/etc/hosts is no folder"),
        ("DATABASE_URL", "mysql://db/journal", "mysql"),
    ],
)
def test_what_is_left_of_an_example_or_cannot_be_used_is_found_offline(told, name, value, says):
    named = told(**{name: value})
    assert any(says in line for line in named), named
    assert not any("secret" in line for line in named)


def test_every_id_of_the_example_policy_is_found(told):
    named = " ".join(told(POLICY_FILE=str(ROOT / "policy.example.toml")))
    for one in ("U0EXAMPLEBEN", "U0EXAMPLECLEO", "S0EXAMPLELEADS", "S0EXAMPLEAGENCY", "C0EXAMPLEAGENCY"):
        assert f"{one}, in " in named
