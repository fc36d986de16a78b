"""Everybody can ask what they are to the bot, and is told alone, in their own language."""

import pytest

from sandbox.cast import ANA, BEN, CLEO, DAN, LAUNCHES, OTTO


def asks(scene, who, text=""):
    scene.do(scene.cast.types(who, text, LAUNCHES, "/campaign-whoami"))


@pytest.mark.parametrize(
    ("who", "told"),
    [
        (ANA, ("• *requester*: you are listed in the setting `REQUESTERS`", "• ask for a launch, edit")),
        (
            CLEO,
            ("• *approver*: you are in the user group <!subteam^S0LEADS>, which is listed in the setting `APPROVERS`",),
        ),
        (DAN, ("• *admin*: you are listed in the setting `ADMINS`", "• export the record", "• stop a campaign")),
        (OTTO, ("• none. Only active members of this workspace count", "• nothing here", "ask <@U0DAN>.")),
    ],
)
def test_everybody_is_told_their_roles_and_where_each_comes_from(scene, who, told):
    before, denied = len(scene.workspace.state.channels[LAUNCHES].messages), scene.refusals()
    asks(scene, who)
    answer = scene.is_told(who, f"*Your roles*, <@{who}>:")["text"]
    for one in told:
        assert one in answer
    assert ("export the record" in answer) is (who == DAN)
    assert len(scene.workspace.state.channels[LAUNCHES].messages) == before
    assert scene.refusals() == denied


def test_a_role_of_the_policy_file_says_so_and_what_it_counts_for(scene):
    scene.policy('[roles.lead]\nmembers = ["U0BEN"]\n[always]\nof_which = { lead = 1 }\n')
    asks(scene, BEN)
    answer = scene.is_told(BEN, "*lead*")["text"]
    assert "• *lead*: you are listed in the policy file" in answer
    assert "Where a rule asks for an approval from lead, yours counts." in answer


def test_while_the_policy_cannot_be_read_nobody_is_told_a_role(scene):
    scene.policy("nonsense = ")
    asks(scene, ANA)
    assert "*Your roles*" not in scene.is_told(ANA, "The policy cannot be read")["text"]


def test_a_group_that_slack_does_not_tell_is_said_to_be_unchecked(scene):
    scene.policy("")
    scene.kill_bot()
    scene.start_bot()
    scene.run(lambda: scene.workspace.faults.fail("usergroups.users.list", "fatal_error"))
    asks(scene, CLEO)
    assert "*approver*: I could not check it" in scene.is_told(CLEO, "*Your roles*")["text"]


def test_words_behind_the_command_are_answered_with_what_it_does(scene):
    asks(scene, ANA, "@ben")
    scene.is_told(ANA, "It takes no words.")


def test_a_russian_reader_is_told_in_russian(scene):
    scene.run(lambda: scene.workspace.reads_in(ANA, "ru-RU"))
    scene.kill_bot()
    scene.start_bot()
    scene.do(scene.cast.types(ANA, "82"))
    scene.sees_modal(ANA, "Запуск кампании")  # from now on, the bot knows in which language Ana reads
    asks(scene, ANA)
    told = scene.is_told(ANA, "*Ваши роли*")["text"]
    scene.run(lambda: scene.workspace.reads_in(ANA, "en-US"))
    assert "• *инициатор*: вы указаны в настройке `REQUESTERS`" in told
    assert "Если нужна роль, которой у вас нет, обратитесь к <@U0DAN>." in told
