"""The policy as it stands now: read from its file again whenever that changes, and refused while it cannot be read."""

import logging
import threading
from pathlib import Path

from bot.phrase import Phrase
from bot.policy.demands import Demands
from bot.policy.file import PolicyError, read_policy
from bot.policy.policy import Policy, PolicyUnreadable, RoleList
from bot.policy.roles import Role
from bot.settings import PolicySettings

log = logging.getLogger(__name__)


class PolicySource:
    """Gives the policy. Without a file, the lists and numbers of the settings are the policy."""

    def __init__(self, settings: PolicySettings) -> None:
        self._path = Path(settings.file) if settings.file else None
        self._roles = {
            Role.REQUESTER.value: RoleList(settings.roles.requesters),
            Role.APPROVER.value: RoleList(settings.roles.approvers),
            Role.ADMIN.value: RoleList(settings.roles.admins),
        }
        self._base = Demands(approvals=settings.approvals_required, second_line=Role.ADMIN.value)
        self._lock = threading.Lock()
        self._text: str | None = None
        self._known: Policy | PolicyError | None = None

    def __call__(self) -> Policy:
        """The policy now. Raises PolicyUnreadable: after a wrong edit, older rules must not pass launches."""
        if self._path is None:
            return Policy(roles=self._roles, base=self._base)
        with self._lock:
            try:
                known = self._read(self._path)
            except (OSError, UnicodeDecodeError) as error:
                cause = str(error.strerror) if isinstance(error, OSError) else Phrase("it is not UTF-8 text")
                unread = Phrase("{file} cannot be read: {cause}", file=self._path.name, cause=cause)
                raise PolicyUnreadable(unread) from error
        if isinstance(known, PolicyError):
            mistakes = Phrase(
                "{file} has mistakes: {mistakes}", file=self._path.name, mistakes=" ".join(known.problems)
            )
            raise PolicyUnreadable(mistakes) from known
        return known

    def asks_for_labels(self) -> bool:
        """Whether any rule goes by campaigns' tags or groups now."""
        try:
            return self().asks_for_labels
        except PolicyUnreadable:
            return False

    def _read(self, path: Path) -> Policy | PolicyError:
        # The text itself: a file's times and size may be the same after a change, when a copy keeps them.
        text = path.read_text(encoding="utf-8-sig")
        if self._known is None or text != self._text:
            self._known = self._parsed(text)
            self._text = text
        return self._known

    def _parsed(self, text: str) -> Policy | PolicyError:
        try:
            policy = read_policy(text, self._roles, self._base)
        except PolicyError as error:
            log.error("the policy cannot be used, so nothing is asked for, approved or sent: %s", error)  # noqa: TRY400
            return error
        log.info("the policy was read: %d rules", len(policy.rules))
        return policy
