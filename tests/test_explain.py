"""policy explain and doctor: what a policy means, told without Slack or the platform."""

import pytest

from bot.cli import main

POLICY = """
[roles.lead]
members = ["U0CLEO"]

[[rule]]
name = "large"
when = { audience_above = 50000 }
need = { approvals = 2 }

[[rule]]
name = "news"
when = { tags = ["news"] }
need = { reason = true }

[[rule]]
name = "everybody"
when = { sources = ["list:1"] }
need = { refuse = "Not to everybody." }
"""


@pytest.fixture
def policy(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name, value in {"REQUESTERS": "U0ANA", "APPROVERS": "U0BEN,U0CLEO", "ADMINS": "U0DAN"}.items():
        monkeypatch.setenv(name, value)
    file = tmp_path / "policy.toml"
    file.write_text(POLICY)
    monkeypatch.setenv("POLICY_FILE", str(file))
    return file


def explained(capsys, *arguments: str) -> str:
    assert main(["policy", "explain", *arguments]) == 0
    return capsys.readouterr().out


def test_it_says_which_rules_apply_and_why(policy, capsys):
    told = explained(capsys, "82 run_now source=segment:5", "--by", "U0ANA", "--audience", "48000", "--tag", "sale")
    assert "“large” does not apply: audience_above does not hold" in told
    assert "“news” does not apply: tags does not hold" in told
    assert "One teammate has to approve" in told
    assert "U0ANA may ask for it." in told
    assert told.endswith("It can be asked for.\n")


def test_what_is_not_known_counts(policy, capsys):
    told = explained(capsys, "82 run_now", "--by", "U0OTTO")
    assert "“large” applies: audience_above counts, because it is not known" in told
    assert "“everybody” applies: sources counts, because it is not known" in told
    assert "REFUSED: Not to everybody." in told
    assert "U0OTTO is not named among those who may ask." in told


@pytest.mark.parametrize(("text", "sentence"), [("82 runnow", "Did you mean run_now"), ("help", "Name a campaign")])
def test_a_command_that_cannot_be_read_is_explained(policy, capsys, text, sentence):
    assert main(["policy", "explain", text]) == 2
    assert sentence in capsys.readouterr().err


def test_a_policy_is_tried_before_it_is_installed(policy, tmp_path, capsys):
    other = tmp_path / "other.toml"
    other.write_text("[always]\napprovals = 0")
    assert main(["policy", "explain", "82", "--policy", str(other)]) == 2
    assert "always.approvals: it takes a whole number from 1 to 20" in capsys.readouterr().err


def doctor(capsys) -> tuple[int, str]:
    status = main(["doctor"])
    return status, capsys.readouterr().out


def test_the_doctor_finds_nothing_where_all_is_well(policy, monkeypatch, capsys):
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "ALTCRAFT_TOKEN"):
        monkeypatch.setenv(name, "made-up")
    monkeypatch.setenv("ALTCRAFT_URL", "https://altcraft.example.com")
    assert doctor(capsys) == (0, "The bot may run.\n")


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("APPROVERS", "", "The role approver is empty, so nobody can approve one"),
        ("REQUESTERS", "", "The role requester is empty"),
        ("APPROVERS", "U0BEN", "rule “large”: 2 approvals are needed, and fewer people are approvers"),
        ("POLICY_FILE", "/nowhere/policy.toml", "policy.toml cannot be read"),
        ("APPROVALS_REQUIRED", "many", "APPROVALS_REQUIRED is “many”"),
    ],
)
def test_the_doctor_says_what_cannot_work(policy, monkeypatch, capsys, name, value, sentence):
    monkeypatch.setenv(name, value)
    status, told = doctor(capsys)
    assert (status, told.splitlines()[-1]) == (1, "The bot must not run like this.")
    assert f"MEND: {sentence}" in told


def test_the_doctor_finds_a_role_whose_people_may_not_approve(policy, capsys):
    policy.write_text('[roles.lead]\nmembers = ["U0DAN"]\n[always]\nof_which = { lead = 1 }\n')
    assert "who approves as lead must be an approver as well" in doctor(capsys)[1]
