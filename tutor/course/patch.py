"""Patches, the one way states are made: files, edits and commands, as a folder says."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

_MANIFEST = "patch.toml"
_KEYS = {"about", "delete", "edit", "run", "answers", "restore_rows"}


@dataclass(frozen=True)
class Edit:
    """Replaces the text `find` in a file. `file` is a glob that matches this one file only.

    With `pattern`, `find` is a regular expression, for a file that is not the same everywhere: each
    match is replaced, and `replace` may speak of its groups.
    """

    file: str
    find: str
    replace: str
    pattern: bool = False

    def apply(self, files: Mapping[str, bytes]) -> dict[str, bytes]:
        """Return the files with the edit made.

        Raises ValueError unless `file` matches one of them, and `find` is in it exactly once (a
        pattern: at least once).
        """
        names = [name for name in files if fnmatchcase(name, self.file)]
        if len(names) != 1:
            raise ValueError(f"{self.file} matches {len(names)} files, not one")
        if self.pattern:
            changed, found = re.subn(self.find.encode(), self.replace.encode(), files[names[0]])
            if not found:
                raise ValueError(f"{names[0]} has nothing that matches {self.find!r}")
            return {**files, names[0]: changed}
        found = files[names[0]].count(self.find.encode())
        if found != 1:
            raise ValueError(f"{names[0]} has this {found} times, not once: {self.find!r}")
        changed = files[names[0]].replace(self.find.encode(), self.replace.encode())
        return {**files, names[0]: changed}


@dataclass(frozen=True)
class Patch:
    """Files to lay over a workspace, edits of what is then there, and commands to run in it.

    `files` maps a path relative to the workspace (POSIX) to its file in the course. `run` holds
    shell lines: `python -m alembic …`, `tutor psql -c "…"` or `tutor doctor --fix-env`; a leading
    `! ` says that the line is meant to fail. `answers` are given to the check. `expect` is the
    finding code that a mistake must get first.
    """

    name: str
    about: str = ""
    files: Mapping[str, Path] = field(default_factory=dict)
    delete: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()
    run: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    expect: str | None = None
    restore_rows: bool = False

    def change(self, present: Mapping[str, bytes]) -> dict[str, bytes]:
        """Return the files that a workspace has after the patch.

        Raises ValueError where an edit does not fit.
        """
        files = {name: content for name, content in present.items() if name not in self.delete}
        files |= {name: source.read_bytes() for name, source in self.files.items()}
        for edit in self.edits:
            files = edit.apply(files)
        return files


def read_patch(folder: Path) -> Patch | None:
    """Return the patch of a folder, or None where there is none. It may do without `patch.toml`.

    Raises ValueError for an unknown key (a typing error must not pass silently).
    """
    if not folder.is_dir():
        return None
    data = read_toml(folder / _MANIFEST)
    require_known(data, _KEYS, str(folder / _MANIFEST))
    return Patch(
        name=folder.name,
        about=data.get("about", ""),
        files=read_files(folder),
        delete=tuple(data.get("delete", ())),
        edits=read_edits(data),
        run=tuple(data.get("run", ())),
        answers=tuple(data.get("answers", ())),
        restore_rows=data.get("restore_rows", False),
    )


def read_toml(file: Path) -> dict[str, Any]:
    """Return what a file says; nothing where it is missing."""
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def read_files(folder: Path) -> dict[str, Path]:
    """Return the files to lay over a workspace by their paths in it."""
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != _MANIFEST and "__pycache__" not in path.parts
    }


def read_edits(data: Mapping[str, Any]) -> tuple[Edit, ...]:
    """Return the edits of a patch. Raises TypeError for an unknown or missing key."""
    return tuple(Edit(**edit) for edit in data.get("edit", ()))


def require_known(data: Iterable[str], known: Collection[str], where: str) -> None:
    """Raise ValueError where there are other keys than the known ones."""
    if unknown := set(data) - set(known):
        raise ValueError(f"unknown key in {where}: {', '.join(sorted(unknown))}")
