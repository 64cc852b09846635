"""Running PostgreSQL without root's privileges: it refuses to run as root.

In a container one is often root. The server then runs as an unprivileged user that exists, and its
files stand where that user gets to; the caller's own folders are left as closed as they are.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tutor.errors import CannotActError

if TYPE_CHECKING:
    from pathlib import Path

# PostgreSQL's own packages make the first; the second exists nearly everywhere.
CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True)
class ServerUser:
    """The operating system's user that runs the server in place of root."""

    name: str
    uid: int
    gid: int


def unprivileged_user(names: tuple[str, ...] = CANDIDATES) -> ServerUser | None:
    """Return the user to run the server as, or None where the caller may run it (not root).

    Raises CannotActError where the caller is root and none of `names` exists.
    """
    if os.name == "nt" or os.geteuid() != 0:  # on Windows pg_ctl itself drops an administrator's
        return None
    import pwd  # noqa: PLC0415 - does not exist on Windows

    for name in names:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return ServerUser(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise CannotActError(
        "You are root, and PostgreSQL refuses to run as root; the tutor found no user "
        f"named {' or '.join(names)} to run it as.",
        "Make one (`useradd --system --shell /usr/sbin/nologin postgres`), or run the tutor "
        "as an ordinary user.",
    )


def can_enter(user: ServerUser, folder: Path) -> bool:
    """Tell whether the permission bits let the user into `folder` and every folder above it."""
    for level in (folder, *folder.parents):
        try:
            status = level.stat()
        except OSError:
            return False
        if status.st_uid == user.uid:
            bit = stat.S_IXUSR
        elif status.st_gid == user.gid:
            bit = stat.S_IXGRP
        else:
            bit = stat.S_IXOTH
        if not status.st_mode & bit:
            return False
    return True


def give(user: ServerUser | None, path: Path) -> None:
    """Make the server's user the owner of one file or folder; nothing to do without such a user."""
    if user is not None:
        os.chown(path, user.uid, user.gid, follow_symlinks=False)


def run_as(user: ServerUser | None) -> dict[str, Any]:
    """Return the keyword arguments of `subprocess` that start a program as the server's user."""
    if user is None:
        return {}
    return {"user": user.uid, "group": user.gid, "extra_groups": []}
