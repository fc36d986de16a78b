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

NOT_LOOKED_AT = "Slack, the platform and a database server were not asked.\n"


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
    told = explained(capsys, "82 run_now source=segment:5", "--by", "U0ANA", "--audience", "48,000", "--tag", "sale")
    assert "“large” does not apply\n      audience_above = 50000: does not hold" in told
    assert '“news” does not apply\n      tags = ["news"]: does not hold' in told
    assert "One teammate has to approve" in told
    assert "U0ANA may ask for it." in told
    assert "May approve: U0BEN and U0CLEO." in told
    assert "Mentioned: U0BEN and U0CLEO." in told
    assert "It can be asked for. " in told


def test_what_is_not_known_counts(policy, capsys):
    told = explained(capsys, "82 run_now", "--by", "U0OTTO")
    assert "Not known, so it counts as matching: the audience, its size, the channel, the campaign's kind" in told
    assert "“large” applies\n      audience_above = 50000: counts, because it is not known" in told
    assert '“everybody” applies\n      sources = ["list:1"]: counts, because it is not known' in told
    assert "REFUSED: Not to everybody." in told
    assert "REFUSED: U0OTTO is not in the role requester." in told


def test_a_channel_that_is_not_given_counts(policy, capsys):
    policy.write_text('[[rule]]\nname = "r"\nwhen = { channels = ["C0NEWS"] }\nneed = { approvals = 2 }\n')
    assert "2 teammates" in explained(capsys, "82")
    assert "2 teammates" in explained(capsys, "82", "--channel", "C0NEWS")
    assert "One teammate" in explained(capsys, "82", "--channel", "C0OTHER")


@pytest.mark.parametrize(
    ("arguments", "verdict"),
    [
        (["--by", "U0OTTO"], "counts, because it is not known"),
        (["--by", "U0OTTO", "--role", "agency"], "holds"),
        (["--by", "U0OTTO", "--role", "lead"], "does not hold"),
        (["--by", "U0ANA"], "holds"),
        ([], "counts, because it is not known"),
    ],
)
def test_a_role_that_a_user_group_may_give_counts(policy, capsys, arguments, verdict):
    policy.write_text(
        '[roles.agency]\nmembers = ["U0ANA", "S0AGENCY"]\n[roles.lead]\nmembers = ["U0CLEO"]\n'
        '[[rule]]\nname = "r"\nwhen = { requester_roles = ["agency"] }\nneed = { reason = true }\n'
    )
    told = explained(capsys, "82", *arguments)
    assert f'requester_roles = ["agency"]: {verdict}\n' in told
    assert "Only Slack knows who is in a user group" in told


def test_who_is_in_no_list_may_still_ask_through_a_user_group(policy, monkeypatch, capsys):
    monkeypatch.setenv("REQUESTERS", "U0ANA,S0TEAM")
    told = explained(capsys, "82 source=segment:5 run_now", "--by", "U0OTTO", "--role", "lead", "--audience", "1")
    assert "U0OTTO may ask for it only as somebody who is in S0TEAM." in told
    assert "REFUSED" not in told


def test_too_few_approvers_are_told_beforehand(policy, monkeypatch, capsys):
    monkeypatch.setenv("REQUESTERS", "U0BEN")
    told = explained(capsys, "82 run_now source=segment:5", "--by", "U0BEN", "--audience", "60000")
    assert "It needs 2 approvals from the role approver, and only one person besides who asks could give them." in told
    practised = explained(capsys, "practice 82 run_now source=segment:5", "--by", "U0BEN", "--audience", "60000")
    assert "REFUSED" not in practised
    assert "Practice: nothing is sent" in practised


def test_a_reason_that_is_missing_is_asked_for(policy, capsys):
    asked = ["--by", "U0ANA", "--audience", "1"]
    assert "once a reason is written" in explained(capsys, "82 run_now source=segment:5", *asked)
    assert "once a reason" not in explained(capsys, "82 run_now source=segment:5 reason=sale", *asked)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--by", "ana"], "“ana” is no Slack user id"),
        (["--channel", "#news"], "“#news” is no channel id"),
        (["--audience", "many"], "“many” is no whole number"),
        (["--kind", "brodcast"], "brodcast"),
    ],
)
def test_a_fact_that_cannot_be_is_no_fact(policy, capsys, arguments, sentence):
    with pytest.raises(SystemExit, match="2"):
        main(["policy", "explain", "82", *arguments])
    assert sentence in capsys.readouterr().err


def test_a_role_that_nobody_has_defined_is_no_fact(policy, capsys):
    assert main(["policy", "explain", "82", "--role", "boss"]) == 2
    assert "no role “boss”. There are admin, approver, lead, requester." in capsys.readouterr().err


def test_it_needs_no_tokens(policy, monkeypatch, capsys):
    for name in ("SLACK_BOT_TOKEN", "ALTCRAFT_URL", "ALTCRAFT_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    assert "It can be asked for" in explained(capsys, "82 run_now source=segment:5", "--audience", "1")


@pytest.mark.parametrize(("text", "sentence"), [("82 runnow", "Did you mean run_now"), ("help", "Name a campaign")])
def test_a_command_that_cannot_be_read_is_explained(policy, capsys, text, sentence):
    assert main(["policy", "explain", text]) == 2
    assert sentence in capsys.readouterr().err


def test_a_policy_is_tried_before_it_is_installed(policy, tmp_path, capsys):
    other = tmp_path / "other.toml"
    other.write_text("[always]\napprovals = 0")
    assert main(["policy", "explain", "82", "--policy", str(other)]) == 2
    told = capsys.readouterr()
    assert told.err == "The policy has mistakes:\n- always.approvals: it takes a whole number from 1 to 20.\n"
    assert not told.out


def doctor(capsys) -> tuple[int, str]:
    status = main(["doctor", "--offline"])
    return status, capsys.readouterr().out


@pytest.fixture
def installed(policy, monkeypatch):
    """The policy beside settings with which the bot may run."""
    for name, value in {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "ALTCRAFT_TOKEN": "made-up"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("ALTCRAFT_URL", "https://altcraft.company.test")
    monkeypatch.setenv("JOURNAL_KEY", "8f14e45fceea167a5a36dedd4bea2543b1f2a6f5")
    return policy


def test_the_doctor_finds_nothing_where_all_is_well(installed, capsys):
    assert doctor(capsys) == (0, f"{NOT_LOOKED_AT}As far as can be told offline, the bot may run.\n")


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("APPROVERS", "", "The role approver is empty, so nobody can approve one: put ids into APPROVERS"),
        ("REQUESTERS", "", "The role requester is empty"),
        ("APPROVERS", "U0BEN", "rule “large”: 2 of the role approver have to approve, and only 1 can"),
        ("POLICY_FILE", "/nowhere/policy.toml", "policy.toml cannot be read"),
        ("APPROVALS_REQUIRED", "many", "APPROVALS_REQUIRED is “many”"),
        ("REQUESTERS", "U0BEN", "rule “large”: what U0BEN may ask for can never be approved"),
    ],
)
def test_the_doctor_says_what_cannot_work(installed, monkeypatch, capsys, name, value, sentence):
    monkeypatch.setenv(name, value)
    status, told = doctor(capsys)
    assert (status, told.splitlines()[-1]) == (1, "The bot must not run like this.")
    assert f"MEND: {sentence}" in told


def test_the_doctor_tells_each_mistake_of_the_policy(installed, capsys):
    installed.write_text("[always]\napprovals = 0\nholt = 3\n")
    told = doctor(capsys)[1].splitlines()
    assert sum("policy.toml: always." in line for line in told) == 2


def test_the_doctor_finds_a_role_whose_people_may_not_approve(installed, capsys):
    installed.write_text('[roles.lead]\nmembers = ["U0DAN"]\n[always]\nof_which = { lead = 1 }\n')
    assert "who approves as lead must be an approver as well" in doctor(capsys)[1]


def test_a_user_group_may_have_enough_people(installed, monkeypatch, capsys):
    monkeypatch.setenv("APPROVERS", "S0TEAM")
    assert doctor(capsys) == (0, f"{NOT_LOOKED_AT}As far as can be told offline, the bot may run.\n")


@pytest.mark.parametrize(
    ("added", "sentence"),
    [
        ("[roles.crew]\nmembers = []", "The role crew is empty"),
        ('[[rule]]\nname = "n"\nneed = { approvals = 1 }', "rule “n” changes nothing"),
        (
            '[[rule]]\nname = "n"\nwhen = { audience_above = 50000 }\nneed = { approvals = 2 }',
            "rule “n” repeats rule “large”",
        ),
        (
            '[[rule]]\nname = "n"\nwhen = { requester_roles = ["lead"] }\nneed = { reason = true }',
            "rule “n” can never match: nobody of the role lead may ask",
        ),
        (
            '[[rule]]\nname = "n"\nwhen = { channels = ["C0NEWS"] }\nneed = { reason = true }',
            "rule “n” can never match: LAUNCH_CHANNEL sends every launch to C0ALL",
        ),
        ('[[rule]]\nname = "n"\nneed = { freezes = [2026-12-24] }', "on the clocks of UTC"),
        (
            '[[rule]]\nname = "n"\nneed = { approvals = 2, on_collision = "one_more_approval" }',
            "rule “n”: beside another launch, 3 people have to approve",
        ),
    ],
)
def test_the_doctor_notes_what_is_probably_not_meant(installed, monkeypatch, capsys, added, sentence):
    monkeypatch.setenv("LAUNCH_CHANNEL", "C0ALL")
    installed.write_text(f"{POLICY}\n{added}\n")
    status, told = doctor(capsys)
    assert status == 0
    assert any(line.startswith("note: ") and sentence in line for line in told.splitlines())


def test_it_says_who_may_stop_it(policy, capsys):
    assert "May stop it: U0BEN, U0CLEO and U0DAN." in explained(capsys, "82 run_now")
    policy.write_text(f'may_stop = ["admin"]\n{POLICY}')
    assert "May stop it: U0DAN." in explained(capsys, "82 run_now")


def test_the_doctor_notes_that_nobody_may_stop(installed, capsys):
    installed.write_text(f'may_stop = ["crew"]\n{POLICY}\n[roles.crew]\nmembers = []\n')
    assert "note: Nobody can stop a campaign: the role crew is empty." in doctor(capsys)[1]


TESTS = """
[test]
segment = 21
at_most = 25
"""
BRAKES = """
[brakes]
hard_bounces = "2%"
complaints = "0.1%"
stop = true
"""


def test_it_says_where_a_test_goes_and_that_it_needs_nobody(policy, capsys):
    policy.write_text(POLICY + TESTS)

    told = explained(capsys, "test 82 content.promo=SPRING", "--by", "U0ANA")

    assert "To segment 21 and to nobody else, with a limit of 25 messages of its own." in told
    assert "No approval: it starts at once." in told
    assert "U0ANA may ask for it." in told
    assert "It can be asked for, as long as the segment is no larger than that." in told


@pytest.mark.parametrize(
    ("typed", "more", "says"),
    [
        ("test 82 source=segment:5", [], "REFUSED: Tests go to segment 21 and nowhere else."),
        ("test 82 limit=26", [], "REFUSED: A test carries the policy's own limit of 25 messages."),
        ("test 82", ["--audience", "26"], "REFUSED: Segment 21 has 26 people"),
        ("test 82", ["--by", "U0OTTO"], "REFUSED: U0OTTO is not in the role requester."),
    ],
)
def test_a_test_that_would_be_refused_is_said_to_be(policy, capsys, typed, more, says):
    policy.write_text(POLICY + TESTS)

    told = explained(capsys, typed, *more)

    assert says in told
    assert "It can be asked for" not in told


def test_a_test_is_refused_by_a_rule_that_refuses_and_where_there_is_no_segment(policy, capsys):
    policy.write_text(POLICY + TESTS + '[[rule]]\nname = "frozen"\nneed = { refuse = "Not today." }\n')
    told = explained(capsys, "test 82")
    assert "“frozen” refuses tests as well" in told
    assert "REFUSED: Not today." in told

    policy.write_text(POLICY)
    assert "REFUSED: The policy names no segment for tests." in explained(capsys, "test 82")


def test_it_says_which_brakes_there_are_and_what_becomes_of_a_run_that_passes_one(policy, capsys):
    policy.write_text(POLICY + BRAKES)
    told = explained(capsys, "82 run_now source=segment:5")
    assert (
        "Brakes, once 200 messages were sent: bounced for good at most 2% of what was sent; complained at most " in told
    )
    assert "the bot stops a run that passes one" in told
    assert "Brakes" not in explained(capsys, "practice 82 run_now")


def test_the_doctor_says_that_brakes_without_hooks_never_act(policy, monkeypatch, capsys):
    policy.write_text(POLICY + BRAKES)
    main(["doctor", "--offline"])
    assert "no brake ever acts" in capsys.readouterr().out
    monkeypatch.setenv("ALTCRAFT_EVENTS_SECRET", "s" * 40)
    main(["doctor", "--offline"])
    assert "no brake ever acts" not in capsys.readouterr().out
