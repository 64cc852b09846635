"""Files that the tutor keeps: a folder's files by relative path, written and read as a whole."""

from __future__ import annotations

import secrets
from pathlib import Path, PurePosixPath


def write_files(folder: Path, files: dict[str, bytes]) -> None:
    """Lay files (by relative POSIX path) into a new folder."""
    for name, content in files.items():
        path = folder / PurePosixPath(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    folder.mkdir(parents=True, exist_ok=True)


def keep_files(home: Path, files: dict[str, bytes]) -> str:
    """Keep files as those in which a step began; return the folder's name."""
    name = secrets.token_hex(4)
    write_files(home / "starts" / name, files)
    return name


def read_files(folder: Path) -> dict[str, bytes]:
    """Return what `write_files` laid there."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
