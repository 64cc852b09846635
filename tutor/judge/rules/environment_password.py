"""The database takes the learner's role with its own password, and with no other."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from tutor.course import Requirement
from tutor.judge.findings import Finding, Layer, met, unmet
from tutor.postgres.databases.roles import is_refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.judge.evidence.evidence import Evidence

FOR = {Requirement.HEALTHY}
ORDER = (Layer.ENVIRONMENT, 15)


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield whether a repair changed the role's password, or did away with asking for one."""
    server = evidence.case.server
    if not evidence.case.copies.exists(server.live):
        return  # told already
    role = server.learner.user
    if is_refused(server, server.learner.password):
        yield unmet(
            "environment.password",
            f"the role {role} has another password in the database than it was made with",
            expected="the old password: others who use the database know no other",
            actual="it was changed with ALTER ROLE",
            next="`tutor doctor --fix-env` gives the role its password back, and writes it into "
            ".env.",
        )
    elif not is_refused(server, secrets.token_urlsafe()):
        yield unmet(
            "environment.password",
            f"the server lets {role} in with any password",
            expected="a wrong password is refused",
            actual="pg_hba.conf does not ask for one",
            next="Put scram-sha-256 back into pg_hba.conf (`SHOW hba_file` says where it is), and "
            "let the server read it again: `tutor stop`, then `tutor next`.",
        )
    else:
        yield met("environment.password", f"{role} gets in with its password, and with no other")
