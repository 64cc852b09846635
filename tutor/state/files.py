"""Files that the tutor keeps: a folder's files by relative path, written and read as a whole.

They are copies of the learner's, `.env` with its password among them: only this user can read them.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from tutor.state.home import make_folder

if TYPE_CHECKING:
    from pathlib import Path


def write_files(folder: Path, files: dict[str, bytes]) -> None:
    """Write files (by relative POSIX path) into a folder, which is made where it is missing."""
    for parent in {folder, *((folder / name).parent for name in files)}:
        make_folder(parent)
    for name, content in files.items():
        path = folder / name
        path.touch(mode=0o600)
        path.chmod(0o600)  # an older tutor made it readable for others
        path.write_bytes(content)


def keep_files(home: Path, files: dict[str, bytes]) -> str:
    """Keep files as those with which a step starts; return the folder's name."""
    name = secrets.token_hex(4)
    write_files(home / "starts" / name, files)
    return name


def read_files(folder: Path) -> dict[str, bytes]:
    """Return what `write_files` wrote there."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
