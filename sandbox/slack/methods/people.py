"""The methods of the Web API that look people, user groups and the app itself up."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sandbox.slack.methods.arguments import Arguments
from sandbox.slack.methods.paging import page_of
from sandbox.slack.records import Json, Person, SlackError, UserGroup
from sandbox.slack.workspace import Workspace


def auth_test(workspace: Workspace, _: Arguments) -> Json:
    identity = workspace.identity
    told = {
        "ok": True,
        "url": f"https://{identity.team_domain}.slack.com/",
        "team": identity.team_name,
        "user": identity.bot_name,
        "team_id": identity.team_id,
        "user_id": identity.bot_user_id,
        "bot_id": identity.bot_id,
        "is_enterprise_install": False,
    }
    if identity.organisation is None:
        return told
    of_all = {"url": f"https://{identity.team_domain}.enterprise.slack.com/", "team": None, "team_id": None}
    return {**told, **of_all, "enterprise_id": identity.organisation.id, "is_enterprise_install": True}


def teams_list(workspace: Workspace, given: Arguments) -> Json:
    """The workspaces in which the app is."""
    teams, cursor = page_of(list(workspace.identity.teams), given, 100)
    return {
        "ok": True,
        "teams": [{"id": team, "name": f"Workspace {team}"} for team in teams],
        "response_metadata": {"next_cursor": cursor},
    }


def api_test(_: Workspace, given: Arguments) -> Json:
    if error := given.optional_text("error"):
        raise SlackError(error)
    return {"ok": True, "args": {name: value for name, value in given.values.items() if name != "token"}}


def connections_open(workspace: Workspace, _: Arguments) -> Json:
    return {"ok": True, "url": workspace.sockets.open_url()}


def bots_info(workspace: Workspace, given: Arguments) -> Json:
    if given.optional_text("bot") not in {None, "", workspace.identity.bot_id}:
        raise SlackError("bot_not_found")
    return {"ok": True, "bot": workspace.messages.bot_profile()}


def team_info(workspace: Workspace, _: Arguments) -> Json:
    identity = workspace.identity
    return {"ok": True, "team": {"id": identity.team_id, "name": identity.team_name, "domain": identity.team_domain}}


def users_info(workspace: Workspace, given: Arguments) -> Json:
    person = workspace.state.people.get(given.optional_text("user") or "")
    if person is None:
        raise SlackError("user_not_found")
    return {"ok": True, "user": _user(workspace, person, with_locale=given.flag("include_locale"))}


def users_list(workspace: Workspace, given: Arguments) -> Json:
    team = given.team(workspace.identity)
    found = [one for one in workspace.state.people.values() if (one.team_id or workspace.identity.team_id) == team]
    people, cursor = page_of(found, given, 100)
    locale = given.flag("include_locale")
    return {
        "ok": True,
        "members": [_user(workspace, person, with_locale=locale) for person in people],
        "cache_ts": int(workspace.state.clock()),
        "response_metadata": {"next_cursor": cursor},
    }


def usergroups_list(workspace: Workspace, given: Arguments) -> Json:
    _check_plan(workspace)
    team = given.team(workspace.identity)
    groups = [
        one
        for one in workspace.state.groups.values()
        if (given.flag("include_disabled") or not one.disabled) and (one.team_id or workspace.identity.team_id) == team
    ]
    shapes = [_group(workspace, group, with_users=given.flag("include_users")) for group in groups]
    return {"ok": True, "usergroups": shapes}


def usergroups_users_list(workspace: Workspace, given: Arguments) -> Json:
    _check_plan(workspace)
    team = given.team(workspace.identity)
    group = workspace.state.groups.get(given.optional_text("usergroup") or "")
    if group is None or (group.team_id or workspace.identity.team_id) != team:
        raise SlackError("no_such_subteam")
    if group.disabled and not given.flag("include_disabled"):
        raise SlackError("subteam_disabled")
    return {"ok": True, "users": list(group.users)}


def _check_plan(workspace: Workspace) -> None:
    if workspace.faults.group_reading_needs_upgrade:
        raise SlackError("plan_upgrade_required")


def _user(workspace: Workspace, person: Person, *, with_locale: bool) -> Json:
    user: Json = {
        "id": person.id,
        "team_id": person.team_id or workspace.identity.team_id,
        "name": person.handle,
        "deleted": person.deleted,
        "real_name": person.real_name,
        **_clocks(workspace, person.tz),
        "profile": {"real_name": person.real_name, "display_name": person.real_name, "team": "T0SANDBOX"},
        "is_admin": person.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.restricted,
        "is_ultra_restricted": False,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": 1_700_000_000,
    }
    user["profile"]["team"] = user["team_id"]
    organisation = workspace.identity.organisation
    if organisation and not person.stranger:
        user["enterprise_user"] = {
            "id": person.id,
            "enterprise_id": organisation.id,
            "enterprise_name": organisation.name,
            "is_admin": person.is_admin,
            "is_owner": False,
            "teams": [user["team_id"]],
        }
    if person.stranger:
        user["is_stranger"] = True
    if person.is_bot:
        user["profile"] |= {"bot_id": workspace.identity.bot_id, "api_app_id": workspace.identity.app_id}
    if with_locale:
        user["locale"] = person.locale
    return user


def _clocks(workspace: Workspace, zone: str) -> Json:
    """What is told of somebody's time zone: nothing where they have none."""
    return {"tz": zone, "tz_label": zone, "tz_offset": _offset(workspace, zone)} if zone else {}


def _offset(workspace: Workspace, zone: str) -> int:
    """Return the seconds that the zone's clocks are ahead of UTC now."""
    ahead = datetime.fromtimestamp(workspace.state.clock(), ZoneInfo(zone)).utcoffset()
    return int(ahead.total_seconds()) if ahead else 0


def _group(workspace: Workspace, group: UserGroup, *, with_users: bool) -> Json:
    shape: Json = {
        "id": group.id,
        "team_id": group.team_id or workspace.identity.team_id,
        "is_usergroup": True,
        "is_subteam": True,
        "name": group.name,
        "description": "",
        "handle": group.handle,
        "is_external": False,
        "date_create": 1_700_000_000,
        "date_update": 1_700_000_000,
        "date_delete": 1_700_000_000 if group.disabled else 0,
        "auto_type": None,
        "created_by": "U0DAN",
        "updated_by": "U0DAN",
        "user_count": len(group.users),
    }
    return shape | ({"users": list(group.users)} if with_users else {})
