"""The files that the step needs, and where .env leads."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

from tutor.course import Requirement
from tutor.judge.findings import Finding, Layer, unmet, warning
from tutor.workspace.environment.credentials import differing, env_settings, exported_elsewhere
from tutor.workspace.environment.target import target_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.judge.evidence.evidence import Evidence

FOR = frozenset[Requirement]()
ORDER = (Layer.ENVIRONMENT, 10)

_NEEDED = ("models.py", "database.py", "alembic.ini", "migrations/env.py", ".env")
_URL = re.compile(rb"postgres(?:ql)?(?:\+\w+)?://[^\s\"'{}%]+@[^\s\"']+")
_PLACES_FOR_URLS = ("database.py", "migrations/env.py", "alembic.ini", "models.py", "main.py")


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield what is missing or leads elsewhere; a written-down URL is a warning."""
    live = evidence.case.server.live
    if not evidence.case.copies.exists(live):
        yield unmet(
            "environment.database",
            f"your database {live} is no longer on the server",
            expected=f"the database {live}",
            actual="somebody dropped it, or gave it another name",
            next="`tutor reset` makes it again as it was when the step began.",
        )
        return
    needed = set(_NEEDED) - ({"alembic.ini"} if _is_in_pyproject(evidence) else set())
    missing = sorted(needed - evidence.files.keys())
    if missing:
        yield unmet(
            "environment.files",
            f"{', '.join(missing)} is missing from your workspace",
            expected=f"the file {missing[0]}",
            actual="no such file, or one that cannot be read",
            next="The tutor reads models.py: give your package another name, and let models.py "
            "import all models from it."
            if (evidence.case.workspace.root / "models" / "__init__.py").is_file()
            else "`tutor reset` puts the step's files back; your present ones are backed up first.",
        )
        return
    yield from _connection(evidence)
    yield from _exported(evidence)
    for name in _PLACES_FOR_URLS:
        if _URL.search(evidence.files.get(name, b"")):
            yield warning(
                "environment.hardcoded",
                f"{name} has a database URL written into it",
                expected="the URL is put together from .env",
                actual="a URL with a password in the code",
                next="Take the URL out of the code: what is in .env stays out of git.",
            )


def _is_in_pyproject(evidence: Evidence) -> bool:
    """Whether Alembic's settings are in pyproject.toml, which it reads too (since 1.16)."""
    try:
        found = tomllib.loads((evidence.case.workspace.root / "pyproject.toml").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return "alembic" in found.get("tool", {})


def _exported(evidence: Evidence) -> Iterator[Finding]:
    """Yield the variables of the shell that would lead code elsewhere, where some code reads them.

    A warning: .env may win over them. Where it does not, it says why the code went elsewhere.
    """
    code = b"".join(evidence.files.get(name, b"") for name in _PLACES_FOR_URLS)
    for name in exported_elsewhere(evidence.case.workspace.database_settings()):
        if re.search(rb"[\"']%s[\"']" % name.encode(), code):
            yield warning(
                "environment.exported",
                f"{name} is exported in your shell, and leads elsewhere than your .env",
                expected=f"{name} not set, or what .env says",
                actual="another value",
                next=f"Run `unset {name}` in this shell (in PowerShell `Remove-Item Env:{name}`), "
                "or let .env win: `load_dotenv(…, override=True)` in database.py.",
            )


def _connection(evidence: Evidence) -> Iterator[Finding]:
    said = evidence.case.workspace.database_settings()
    wanted = env_settings(target_of(evidence.case.server))
    for name in differing(said, wanted):
        value, actual = wanted[name], said.get(name)
        secret = name == "DB_PASSWORD"
        yield unmet(
            "environment.connection",
            f".env does not lead to your database: {name} is not what it should be",
            expected="the password the database was made with" if secret else f"{name}={value}",
            actual=("another one" if secret else f"{name}={actual}") if actual else "not set",
            next=f"Fix {name} in .env, its quotes included; `tutor doctor --fix-env` writes it."
            if secret
            else f"Fix {name} in .env; `tutor doctor` shows the right values.",
        )
