"""The project that a new workspace starts from, and the files that the tutor manages in it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import tutor

ENV_FILE = ".env"
VERSIONS = "migrations/versions"

_CACHES = {"__pycache__", ".ruff_cache", ".mypy_cache"}


def template_folder() -> Path:
    """Return the template's folder: inside an installed tutor, or beside a checkout's package."""
    package = Path(tutor.__file__).resolve().parent
    installed = package / "_data" / "workspace_template"
    return installed if installed.is_dir() else package.parent / "workspace_template"


@cache
def template_files() -> tuple[str, ...]:
    """Return the template's files as POSIX paths relative to it, sorted."""
    folder = template_folder()
    return tuple(
        sorted(
            path.relative_to(folder).as_posix()
            for path in folder.rglob("*")
            if path.is_file() and not _CACHES.intersection(path.parts)
        )
    )


def is_managed(name: str) -> bool:
    """Tell whether a POSIX path, relative to the workspace, is one of the tutor's managed files.

    They are the template's files, `.env`, and every `*.py` in migrations/versions and its folders
    (Alembic's `recursive_version_locations`).
    """
    folder, _, last = name.rpartition("/")
    parts = folder.split("/")
    is_revision = (
        f"{folder}/".startswith(f"{VERSIONS}/")
        and last.endswith(".py")
        and last != ".py"
        and not any(part in {"", ".", ".."} or part in _CACHES for part in parts)
    )
    return is_revision or name == ENV_FILE or name in template_files()
