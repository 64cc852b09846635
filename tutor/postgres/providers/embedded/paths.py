"""Where an embedded server's files stand."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.postgres.providers.embedded.privileges import can_enter
from tutor.state import home

if TYPE_CHECKING:
    from tutor.postgres.providers.embedded.privileges import ServerUser

# For root only: state home is usually below /root, which the server's user may not enter.
SYSTEM = Path("/var/lib/alembic-tutor")


def place_for(folder: Path, user: ServerUser | None) -> Path:
    """Return the folder to keep data in: `folder`, or one that the server's user can enter."""
    if user is None or can_enter(user, folder):
        return folder
    return _outside() / "servers" / _digest(folder)


def programs_for(user: ServerUser | None) -> Path:
    """Return the folder to keep copies of PostgreSQL in: in the state home where that can be."""
    state = home.home()
    if user is None or can_enter(user, state):
        return state / "postgres"
    return _outside() / "postgres"


def make_folder(path: Path) -> None:
    """Make a folder, and missing ones above it, that the server's user may pass through.

    The mode is set explicitly, whatever the umask; folders that exist stay as they are.
    """
    for level in reversed([path, *path.parents]):
        if not level.is_dir():
            level.mkdir(exist_ok=True)
            level.chmod(0o711)


def remove_emptied(place: Path) -> None:
    """Remove what a server outside the state home leaves: its folder and emptied ones above it."""
    if not place.is_relative_to(SYSTEM):
        return
    shutil.rmtree(place, ignore_errors=True)
    root = _root_of(place)
    postgres = root / "postgres"
    if postgres.is_dir() and not any(item.is_dir() for item in postgres.iterdir()):
        shutil.rmtree(postgres, ignore_errors=True)
    for level in (place.parent, root, SYSTEM):
        try:
            level.rmdir()
        except OSError:  # others still keep something there
            return


def _root_of(place: Path) -> Path:
    return SYSTEM / place.relative_to(SYSTEM).parts[0]


def _outside() -> Path:
    return SYSTEM / _digest(home.home())


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
