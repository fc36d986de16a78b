"""The policy as a team writes it down in TOML. Pure: text in, policy out."""

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from bot.message.finding import CheckSettings
from bot.policy import keys
from bot.policy.canary import CanaryRules
from bot.policy.conditions import When
from bot.policy.demands import NOTHING, Demands
from bot.policy.permissions import NEEDED
from bot.policy.policy import FOLLOW_FOR, REPORT_AFTER, Policy, RoleList, Rule
from bot.policy.received import ReceivedRules
from bot.policy.roles import Action, Role
from bot.policy.testing import TestRules
from bot.policy.values import Read, Table, Wrong
from bot.results.brakes import Brakes, Measure

_ROLE_NAME = re.compile(r"[a-z][a-z0-9_-]{0,30}")


class PolicyError(Exception):
    """The policy cannot be used; `problems` are sentences that name the key, or the line, and what is allowed."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read_policy(text: str, roles: Mapping[str, RoleList], base: Demands) -> Policy:
    """The policy in the text. `roles` and `base` stand where the text says nothing.

    Raises PolicyError with everything that is wrong at once.
    """
    try:
        table = tomllib.loads(text)
    except RecursionError as error:
        raise PolicyError(("it is not a policy: its brackets are nested too deep.",)) from error
    except tomllib.TOMLDecodeError as error:
        raise PolicyError((f"it is not TOML: {error}",)) from error
    except ValueError as error:
        raise PolicyError(("it is not TOML: a number in it has thousands of digits.",)) from error
    reader = _Reader()
    policy = reader.policy(table, roles, base)
    if reader.problems:
        raise PolicyError(tuple(reader.problems))
    return policy


class _Reader:
    """Reads tables key by key and gathers what is wrong."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def policy(self, table: Table, roles: Mapping[str, RoleList], base: Demands) -> Policy:
        got = self.fields(table, keys.FILE, "")
        written = got.get("roles", {}).items()
        all_roles = {**roles, **{name: self.role(name, one, roles.get(name)) for name, one in written}}
        rules = tuple(self.rule(one, nth) for nth, one in enumerate(got.get("rule", []), start=1))
        always = self.demands(got.get("always", {}), base, "always")
        checks = self.fields(got.get("message_checks", {}), keys.MESSAGE_CHECKS, "message_checks")
        policy = Policy(
            roles=all_roles,
            base=always,
            rules=rules,
            zone=got.get("time_zone", ZoneInfo("UTC")),
            may_stop=got.get("may_stop", NEEDED[Action.STOP]),
            follow_for=got.get("follow_for", FOLLOW_FOR),
            report_after=got.get("report_after", REPORT_AFTER),
            message_checks=CheckSettings(**checks),
            test=self.test(got["test"]) if "test" in got else None,
            brakes=self.brakes(got["brakes"]) if "brakes" in got else None,
            canary=CanaryRules(**self.fields(got.get("canary", {}), keys.CANARY, "canary")),
            received=self.received(got["received"]) if "received" in got else None,
        )
        self.check_names(policy)
        self.check_roles(policy)
        self.check_brakes(policy)
        return policy

    def test(self, table: Table) -> TestRules | None:
        got = self.fields(table, keys.TEST, "test")
        for missing in ("segment", "at_most"):
            if missing not in table:
                self.problems.append(f"test: {missing} is missing.")
        return TestRules(**got) if {"segment", "at_most"} <= got.keys() else None

    def brakes(self, table: Table) -> Brakes:
        if not table.keys() & {measure.value for measure in Measure}:
            self.problems.append(f"brakes: it names none. There are {', '.join(Measure)}.")
        return Brakes(**self.fields(table, keys.BRAKES, "brakes"))

    def received(self, table: Table) -> ReceivedRules | None:
        got = self.fields(table, keys.RECEIVED, "received")
        for missing in ("segments", "database"):
            if missing not in table:
                self.problems.append(f"received: {missing} is missing.")
        return ReceivedRules(**got) if {"segments", "database"} <= got.keys() else None

    def role(self, name: str, table: object, given: RoleList | None) -> RoleList:
        """The role as it is written; `given` is what the settings say of it."""
        where = f"roles.{name}"
        if not _ROLE_NAME.fullmatch(name):
            self.problems.append(f"{where}: a role's name has small letters, digits, - and _.")
        if not isinstance(table, dict):
            self.problems.append(f'{where}: it takes members = ["U…", "S…"].')
            return RoleList()
        got = self.fields(table, keys.ROLE, where)
        in_file = "members" in got or given is None
        return RoleList(got.get("members", given.members if given else ()), got.get("mention"), in_file)

    def rule(self, table: Table, nth: int) -> Rule:
        where = f"rule {nth}"
        name = table.get("name")
        if isinstance(name, str) and name.strip():
            where = f"rule “{name}”"
        got = self.fields(table, keys.RULE, where)
        for missing in ("name", "need"):
            if missing not in got and missing not in table:
                self.problems.append(f"{where}: {missing} is missing.")
        when = When(**self.fields(got.get("when", {}), keys.CONDITIONS, f"{where}: when"))
        return Rule(got.get("name", ""), when, self.demands(got.get("need", {}), NOTHING, f"{where}: need"))

    def demands(self, table: Table, base: Demands, where: str) -> Demands:
        got = self.fields(table, keys.DEMANDS, where)
        if "refuse" in got:
            got["refusals"] = (got.pop("refuse"),)
        return Demands(**{**_fields_of(base), **got})

    def fields(self, table: Table, known: Mapping[str, Read], where: str) -> dict[str, Any]:
        """The table's values, read; what is wrong is noted and left out."""
        got = {}
        for key, value in table.items():
            name = f"{where}.{key}" if where else key
            if key not in known:
                self.problems.append(f"{name}: there is no such key. There are {', '.join(known)}.")
                continue
            try:
                got[key] = known[key](value)
            except Wrong as wrong:
                self.problems.append(f"{name}: {wrong}")
        return got

    def check_names(self, policy: Policy) -> None:
        """People are told which rules hold: two of one name could not be told apart."""
        for name, count in Counter(rule.name for rule in policy.rules if rule.name).items():
            if count > 1:
                number = "two" if count == 2 else str(count)  # noqa: PLR2004
                self.problems.append(f"{number} rules are called “{name}”. Give each a name of its own.")

    def check_brakes(self, policy: Policy) -> None:
        """Nothing would hold the rest back that goes by itself."""
        everywhere = (("always", policy.base), *((f"rule “{one.name}”", one.need) for one in policy.rules))
        for where, demands in everywhere:
            if demands.canary and demands.canary.auto and policy.brakes is None:
                self.problems.append(f'{where}: canary: release = "auto" needs a table [brakes], for it goes by those.')

    def check_roles(self, policy: Policy) -> None:
        """A demand that names a role nobody has defined could never be met."""
        for where, demands in (("always", policy.base), *((f"rule “{one.name}”", one.need) for one in policy.rules)):
            named = [one.role for one in demands.of_which] + ([demands.second_line] if demands.second_line else [])
            for role in named:
                if role not in policy.roles:
                    defined = ", ".join(sorted(policy.roles))
                    self.problems.append(f"{where}: there is no role “{role}”. There are {defined}.")
        asking = policy.received.may_ask if policy.received else ()
        for where, roles in (("may_stop", policy.may_stop), ("received.may_ask", asking)):
            for role in roles:
                if role not in policy.roles and role not in list(Role):
                    defined = ", ".join(sorted(policy.roles))
                    self.problems.append(f"{where}: there is no role “{role}”. There are {defined}.")
        for rule in policy.rules:
            for role in rule.when.requester_roles:
                if role not in policy.roles:
                    self.problems.append(f"rule “{rule.name}”: when.requester_roles: there is no role “{role}”.")


def _fields_of(demands: Demands) -> dict[str, Any]:
    return {name: getattr(demands, name) for name in Demands.__dataclass_fields__}
