"""The settings: every problem is named at once, and no secret shows."""

from base64 import b64encode

import pytest

from bot.receiving_settings import read_receiving
from bot.settings import SettingsError, read, read_bot_access, read_database_url

WORKING = {
    "SLACK_BOT_TOKEN": "xoxb-secret",
    "SLACK_APP_TOKEN": "xapp-secret",
    "SLACK_SIGNING_SECRET": "signing-secret",
    "ALTCRAFT_URL": "https://altcraft.example.com",
    "ALTCRAFT_TOKEN": "altcraft-secret",
    "DATABASE_URL": "sqlite:///secret.db",
}


def problems_of(**changes: str) -> str:
    with pytest.raises(SettingsError) as caught:
        read({**WORKING, **changes})
    return str(caught.value)


def test_defaults_stand_where_nothing_is_set():
    settings = read(WORKING)
    assert settings.policy.approvals_required == 1
    assert settings.port == 3000
    assert settings.health_port is None
    assert settings.bind == ""
    assert settings.slack.api_url == "https://slack.com/api/"
    assert (settings.altcraft.format, settings.altcraft.token_in) == ("json", "body")
    assert not settings.altcraft.deduplicates
    assert settings.pictures


def test_empty_role_lists_mean_nobody():
    roles = read(WORKING).policy.roles
    assert (roles.requesters, roles.approvers, roles.admins) == ((), (), ())


@pytest.mark.parametrize("password", ["p@ss", "p#ss", "p/ss", "[pss"])
def test_a_proxys_password_that_cannot_be_read_is_not_shown(password):
    problem = problems_of(ALTCRAFT_PROXY=f"http://ann:{password}@proxy.example.com:3128")
    assert "In a password write %40 for @" in problem
    assert password not in problem


@pytest.mark.parametrize(
    ("environment", "proxy"),
    [
        ({}, ""),
        ({"HTTPS_PROXY": "http://a:1"}, "http://a:1"),
        ({"https_proxy": "http://a:1"}, "http://a:1"),
        ({"HTTPS_PROXY": "http://a:1", "SLACK_PROXY": "http://b:1"}, "http://b:1"),
        ({"HTTPS_PROXY": "http://a:1", "NO_PROXY": "internal.example, .slack.com"}, ""),
        ({"HTTPS_PROXY": "http://a:1", "no_proxy": "*"}, ""),
        ({"HTTPS_PROXY": "http://a:1", "NO_PROXY": "lack.com"}, "http://a:1"),
        ({"HTTPS_PROXY": "http://a:1", "NO_PROXY": "slack.com", "SLACK_PROXY": "http://b:1"}, "http://b:1"),
    ],
)
def test_slack_is_reached_by_the_environments_proxy_and_the_platform_by_its_own_alone(environment, proxy):
    settings = read({**WORKING, **environment})
    assert settings.slack.route.proxy == proxy
    assert settings.altcraft.route.proxy == ""
    assert read_bot_access({**WORKING, **environment}).route == settings.slack.route
    assert read({**WORKING, "ALTCRAFT_PROXY": "http://c:1"}).altcraft.route.proxy == "http://c:1"


def test_each_side_names_its_own_authority():
    settings = read({**WORKING, "ALTCRAFT_CA_BUNDLE": "ours.pem", "SLACK_CA_BUNDLE": "walls.pem"})
    assert (settings.altcraft.route.ca_bundle, settings.slack.route.ca_bundle) == ("ours.pem", "walls.pem")


def test_the_secrets_are_the_proxies_passwords_too_in_every_form():
    proxies = {"SLACK_PROXY": "http://ann:p%40ss@a:1", "ALTCRAFT_PROXY": "http://ben:other@a:1"}
    settings = read({**WORKING, **proxies})
    assert {"p%40ss", "p@ss", b64encode(b"ann:p@ss").decode(), "other"} <= set(settings.secrets)
    assert "p%40ss" not in repr(settings)


SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-1-secret",
    "SLACK_APP_TOKEN": "xapp-1-secret",
    "SLACK_SIGNING_SECRET": "0123456789abcdef0123456789abcdef",
}


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("taken", SECRETS)
def test_a_token_in_another_ones_place_is_named_with_where_it_belongs(name, taken):
    if name == taken:
        assert read({**WORKING, name: SECRETS[taken]})
        return
    problem = problems_of(**{name: SECRETS[taken]})
    assert problem.startswith(f"{name} holds ")
    assert f"belongs in {taken}" in problem
    assert SECRETS[taken] not in problem


@pytest.mark.parametrize(("name", "dots"), [("SLACK_BOT_TOKEN", "xoxb-..."), ("SLACK_APP_TOKEN", "xapp-...")])
def test_the_dots_of_the_example_are_named(name, dots):
    assert f"{name} still holds the dots of .env.example" in problems_of(**{name: dots})


def test_no_secret_shows_in_a_repr():
    assert "secret" not in repr(read(WORKING))


@pytest.mark.parametrize(
    ("url", "passwords"),
    [
        ("sqlite:///journal.db", set()),
        ("postgresql://bot:p%40ss@db/journal", {"p%40ss", "p@ss"}),
        ("postgresql://bot:p[a]s/s@db/journal", {"p[a]s/s"}),
        ("postgresql://bot@db/journal?sslmode=require&password=p%40ss", {"p@ss"}),
    ],
)
def test_the_secrets_are_the_tokens_and_the_databases_password(url, passwords):
    tokens = {"xoxb-secret", "xapp-secret", "signing-secret", "altcraft-secret"}
    assert set(read({**WORKING, "DATABASE_URL": url}).secrets) == tokens | passwords


RANDOM = "Zk3-9_aPqLw7RtYvBn2MxCdEfGhJsUiO"


def test_hooks_are_received_only_at_an_address_that_cannot_be_guessed():
    assert read(WORKING).events is None
    settings = read({**WORKING, "ALTCRAFT_EVENTS_SECRET": RANDOM, "ALTCRAFT_EVENTS_NETWORKS": "203.0.113.0/24, ::1"})
    assert settings.events is not None
    assert (settings.events.port, len(settings.events.networks)) == (None, 2)
    assert RANDOM in settings.secrets
    assert RANDOM not in repr(settings)


@pytest.mark.parametrize(
    "secret", ["short", RANDOM[:-1], "a" * 64, "ab" * 32, RANDOM + "/", RANDOM + " x", RANDOM + "ж"]
)
def test_a_secret_that_can_be_guessed_or_is_no_part_of_an_address_is_refused(secret):
    told = problems_of(ALTCRAFT_EVENTS_SECRET=secret)
    assert "ALTCRAFT_EVENTS_SECRET" in told
    assert secret not in told.replace("too short", "")


def test_a_network_that_is_none_is_named():
    assert "“203.0.113.7/24”" in problems_of(ALTCRAFT_EVENTS_SECRET=RANDOM, ALTCRAFT_EVENTS_NETWORKS="203.0.113.7/24")


def test_a_process_that_only_receives_needs_no_tokens_and_not_without_a_secret():
    receiving = read_receiving({"ALTCRAFT_EVENTS_SECRET": RANDOM, "EVENTS_PORT": "0"})
    assert (receiving.events.port, receiving.port, receiving.secrets) == (0, 3000, (RANDOM,))
    with pytest.raises(SettingsError, match="ALTCRAFT_EVENTS_SECRET is not set"):
        read_receiving({})


def test_all_problems_are_named_at_once():
    with pytest.raises(SettingsError) as caught:
        read({})
    named = " ".join(caught.value.problems)
    assert all(name in named for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "ALTCRAFT_URL", "ALTCRAFT_TOKEN"))


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("REQUESTERS", "U0ANA, ben", "“ben”"),
        ("APPROVALS_REQUIRED", "0", "from 1"),
        ("ALTCRAFT_FORMAT", "yaml", "json or xml"),
        ("ALTCRAFT_TIMEOUT", "soon", "seconds"),
        ("ALTCRAFT_URL", "altcraft.example.com", "https://"),
        ("LAUNCH_CHANNEL", "#launches", "channel id"),
        ("DIGEST_CHANNEL", "#launches", "channel id"),
        ("AUDIT_CHANNEL", "#launches", "channel id"),
        *(
            ("PICTURE_IMAGE_HOSTS", host, "names of hosts")
            for host in ("https://a.example", "a.example/b", "a.example:443", "127.0.0.1", "localhost", "*", ".example")
        ),
        ("CHANNEL_LOCALE", "de-DE", "en or ru"),
        ("ALTCRAFT_ATTACH_KEYS", "name", "two names"),
        ("ALTCRAFT_CAMPAIGN_LINK", "https://altcraft.example.com/campaigns", "{id}"),
        ("ALTCRAFT_CAMPAIGN_LINK", "javascript:{id}", "{id}"),
        ("ALTCRAFT_CAMPAIGN_LINK", "https://a.example/{id}|x>", "{id}"),
        ("ALTCRAFT_CAMPAIGN_LINK", "https://[::1/{id}", "{id}"),
        ("MESSAGE_PICTURES", "sometimes", "yes or no"),
        ("ALTCRAFT_PROXY", "proxy.example.com:3128", "http://proxy.example.com:3128"),
        ("SLACK_PROXY", "socks5://proxy.example.com", "no other kind"),
        ("HTTPS_PROXY", "https://proxy.example.com", "begin with http://"),
        ("SLACK_PROXY", "http://proxy.example.com/path", "cannot be read as a proxy"),
        ("BIND", "localhost", "127.0.0.1"),
        ("BIND", "0.0.0.0:3000", "HEALTH_PORT"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(name, value, says):
    told = problems_of(**{name: value})
    assert name in told
    assert says in told


def test_hosts_of_images_are_read_in_small_letters_and_none_are_named_by_default():
    assert read(WORKING).image_hosts == ()
    hosts = read(
        {**WORKING, "PICTURE_IMAGE_HOSTS": "IMG.example.com, .cdn.example.com,xn--e1afmkfd.example"}
    ).image_hosts
    assert hosts == ("img.example.com", ".cdn.example.com", "xn--e1afmkfd.example")


def test_pictures_can_be_declined():
    assert not read({**WORKING, "MESSAGE_PICTURES": "no"}).pictures


def test_role_lists_take_people_and_groups():
    roles = read({**WORKING, "APPROVERS": "U0BEN, W0EVE ,S0LEADS"}).policy.roles
    assert roles.approvers == ("U0BEN", "W0EVE", "S0LEADS")


@pytest.mark.parametrize(
    ("locale", "language"), [("", "en"), ("en", "en"), ("en-GB", "en"), ("ru", "ru"), ("ru-RU", "ru"), ("ru_RU", "ru")]
)
def test_the_channels_language_is_that_of_any_locale_which_has_a_catalogue(locale, language):
    assert read({**WORKING, "CHANNEL_LOCALE": locale}).channel_language == language


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        ("LAUNCH_CHANEL", "LAUNCH_CHANNEL"),
        ("APPROVER", "APPROVERS"),
        ("launch_channel", "LAUNCH_CHANNEL"),
        ("HEALTHPORT", "HEALTH_PORT"),
        ("ALTCRAFT_TIME_OUT", "ALTCRAFT_TIMEOUT"),
    ],
)
def test_a_misspelt_name_is_named_with_the_one_that_was_meant(misspelt, meant):
    told = problems_of(**{misspelt: "secret"})
    assert f"{misspelt} is set" in told
    assert f"Did you mean {meant}?" in told
    assert "secret" not in told


def test_what_is_misspelt_stands_before_what_is_missing_for_it():
    named = problems_of(ALTCRAFT_TOKEN="", ALTCRAFT_TOKN="secret").splitlines()
    assert [line.split()[0] for line in named] == ["ALTCRAFT_TOKN", "ALTCRAFT_TOKEN"]


@pytest.mark.parametrize(
    "name",
    ["PATH", "REPORT", "DATABASE_PORT", "ALTCRAFT_PORT", "SLACK_PORT", "POSTGRES_PASSWORD", "FTP_PROXY", "ALL_PROXY"],
)
def test_what_belongs_to_others_is_not_called_misspelt(name):
    assert read({**WORKING, name: "something"})


def test_a_name_beside_the_one_that_it_resembles_is_left_alone():
    assert read({**WORKING, "SLACK_API_TOKEN": "xoxb-of-another-tool", "LAUNCH_CHANEL": ""})


def test_who_only_looks_for_the_journal_is_told_too():
    with pytest.raises(SettingsError, match="Did you mean DATABASE_URL"):
        read_database_url({"DATABASE_ULR": "sqlite:///secret.db"})


@pytest.mark.parametrize("quoted", ["'secret'", '"secret"', "“secret”", "«secret»", ' "secret" '])
def test_a_value_that_came_with_its_quotes_is_named_as_that(quoted):
    told = problems_of(ALTCRAFT_TOKEN=quoted)
    assert told.startswith("ALTCRAFT_TOKEN has quotes around its value")
    assert "docker --env-file" in told
    assert "secret" not in told


def test_nothing_else_is_said_of_values_that_came_with_their_quotes():
    changes = {"HEALTH_PORT": "'8080'", "REQUESTERS": '"U0ANA,U0BEN"', "ALTCRAFT_URL": "'https://altcraft.example.com'"}
    assert [line.split()[:2] for line in problems_of(**changes).splitlines()] == [
        ["ALTCRAFT_URL", "has"],
        ["HEALTH_PORT", "has"],
        ["REQUESTERS", "has"],
    ]


@pytest.mark.parametrize("left", ["secret # of the test app", "secret\t#old", "# to be filled in"])
def test_a_comment_that_was_left_in_a_value_is_named_as_that_alone(left):
    problem = problems_of(ALTCRAFT_TOKEN=left, REQUESTERS="U0ANA # Ana")
    named = [line for line in problem.splitlines() if "has a comment behind its value" in line]
    assert [line.split()[0] for line in named] == ["ALTCRAFT_TOKEN", "REQUESTERS"]
    assert "“" not in problem
    assert "secret" not in problem


def test_quotes_within_a_value_belong_to_it():
    assert read({**WORKING, "ALTCRAFT_TOKEN": "'a'b\""}).altcraft.token == "'a'b\""


def test_letters_of_a_code_page_are_named_and_what_is_said_can_be_written():
    told = problems_of(LOG_FORMAT=b"\xf2\xe5\xea\xf1\xf2".decode(errors="surrogateescape"))
    assert "LOG_FORMAT holds letters that are not in UTF-8" in told
    assert told.encode()


@pytest.mark.parametrize("url", ["https://[2001:db8::1]:8443/path", "http://localhost:3000", "HTTPS://почта.рф"])
def test_addresses_of_every_kind_are_taken(url):
    assert read({**WORKING, "ALTCRAFT_URL": url}).altcraft.url == url


KEY, OLD_KEY = "0123456789abcdef" * 4, "fedcba9876543210" * 4


def test_without_a_key_of_the_record_the_settings_say_what_that_leaves_open():
    assert read(WORKING).remarks[0].startswith("JOURNAL_KEY is not set: whoever can write to the database can forge")
    assert read({**WORKING, "JOURNAL_KEY": KEY}).remarks == ()


def test_the_first_of_several_keys_writes_and_all_are_understood_and_hidden():
    settings = read({**WORKING, "JOURNAL_KEY": f"{KEY}, {OLD_KEY}"})
    alone = read({**WORKING, "JOURNAL_KEY": OLD_KEY}).journal_keys.keys
    assert settings.journal_keys.keys.writing_id == read({**WORKING, "JOURNAL_KEY": KEY}).journal_keys.keys.writing_id
    assert settings.journal_keys.keys.knows(alone.writing_id)
    assert {KEY, OLD_KEY} <= set(settings.secrets)
    assert KEY not in repr(settings)


def test_keys_are_read_from_a_file_one_a_line(tmp_path):
    file = tmp_path / "keys"
    file.write_text(f"{KEY}\n\n{OLD_KEY}\n")
    there = read({**WORKING, "JOURNAL_KEY_FILE": str(file)}).journal_keys
    assert there == read({**WORKING, "JOURNAL_KEY": f"{KEY},{OLD_KEY}"}).journal_keys
    assert there.secrets == (KEY, OLD_KEY)


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("0123456789abcdef", "less than 32 bytes"),
        ("ab" * 32, "can be guessed"),
        (f"{KEY},{KEY}", "the same key twice"),
    ],
)
def test_a_key_that_protects_nothing_is_named_and_not_shown(key, says):
    problems = problems_of(JOURNAL_KEY=key)
    assert says in problems
    assert key not in problems


def test_a_key_file_that_cannot_be_used_is_named_and_nothing_of_it_is_shown(tmp_path):
    file = tmp_path / "keys"
    assert "cannot be read: No such file" in problems_of(JOURNAL_KEY_FILE=str(file))
    file.write_text("")
    assert "is empty" in problems_of(JOURNAL_KEY_FILE=str(file))
    file.write_bytes(b"\xff" * 64)
    assert "not in UTF-8" in problems_of(JOURNAL_KEY_FILE=str(file))
    file.write_text("short-and-secret")
    assert "short-and-secret" not in problems_of(JOURNAL_KEY_FILE=str(file))
    assert "Take one of them out" in problems_of(JOURNAL_KEY=KEY, JOURNAL_KEY_FILE=str(file))


def test_profile_ids_are_kept_only_under_a_key_that_cannot_be_guessed():
    assert read(WORKING).recipients_keys == ()
    settings = read({**WORKING, "RECIPIENTS_KEY": f"{KEY}, {OLD_KEY}"})
    assert settings.recipients_keys == (KEY, OLD_KEY)
    assert {KEY, OLD_KEY} <= set(settings.secrets)
    assert KEY not in repr(settings)
    receiving = read_receiving({"ALTCRAFT_EVENTS_SECRET": RANDOM, "RECIPIENTS_KEY": KEY})
    assert (receiving.recipients_keys, KEY in receiving.secrets, KEY in repr(receiving)) == ((KEY,), True, False)


@pytest.mark.parametrize("key", ["short-and-secret", "ab" * 20, f"{KEY},short"])
def test_a_key_for_profile_ids_that_can_be_guessed_is_refused_and_not_shown(key):
    problems = problems_of(RECIPIENTS_KEY=key)
    assert "RECIPIENTS_KEY holds a key" in problems
    assert key not in problems


def test_without_the_library_that_seals_no_profile_id_is_kept(monkeypatch):
    monkeypatch.setattr("bot.recipients_key.installed", lambda: False)
    assert "pip install '.[recipients]'" in problems_of(RECIPIENTS_KEY=KEY)
