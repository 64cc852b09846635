"""What the tutor notes about one workspace's embedded server: server.json."""

from __future__ import annotations

import string
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from tutor.errors import StateLostError
from tutor.state import home

FILE = "server.json"
PASSWORD_LENGTH = 24


@dataclass(frozen=True)
class Record:
    """One server's port, passwords and places.

    `place` is the folder that holds the data folder and `programs` the PostgreSQL it runs on (both
    absolute paths); `user` is the operating system's user that runs it, None for the caller.
    `ready` is False until the server has been made completely.
    """

    port: int
    major: int
    place: str
    programs: str
    user: str | None
    ready: bool = False
    admin_password: str = field(default="", repr=False)
    learner_password: str = field(default="", repr=False)

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder."""
        return Path(self.place) / "data"

    def save(self, folder: Path) -> None:
        """Write it, readable by its owner only (mode 0600). Raises CannotActError."""
        home.write_json(folder / FILE, asdict(self))

    def changed(self, folder: Path, **changes: Any) -> Record:
        """Return the record with other values, written to its file."""
        changed = replace(self, **changes)
        changed.save(folder)
        return changed


def load(folder: Path) -> Record | None:
    """Return a folder's record, None where there is none; raises StateLostError when damaged."""
    try:
        value: dict[str, Any] = home.read_json(folder / FILE)
        return Record(**{item.name: value[item.name] for item in fields(Record)})
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StateLostError(
            f"The tutor's note about its PostgreSQL server is damaged: {folder / FILE} ({error})."
        ) from error


def new_password() -> str:
    """Return a random password of letters and digits, which need no quoting in a URL or a file."""
    import secrets  # noqa: PLC0415 - few commands make one

    alphabet = string.ascii_letters + string.digits
    return "".join(secrets.choice(alphabet) for _ in range(PASSWORD_LENGTH))
