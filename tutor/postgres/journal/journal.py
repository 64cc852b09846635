"""The journal: which migrations, stamps and other changes were committed to the live database.

Told from the server's own log, so that the learner's database holds nothing of the tutor's. The
digest, `journal.jsonl`, has on its first line how far the log has been read, then an event a line.
It is replaced as a whole, so that a crash neither loses an event nor counts one twice; only after
that are log files deleted that have been read to their end.

A digest that something else damaged is moved aside and begun anew, at the log's present end. Its
numbers go on from the time in seconds: above every number given before, so that what refers to an
old one still means "before all that follows".
"""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from tutor.errors import CannotActError
from tutor.postgres.connect import database_errors
from tutor.postgres.journal import transactions
from tutor.postgres.journal.transactions import Committed, Transactions
from tutor.state import home
from tutor.state.lock import disk_errors, locked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tutor.postgres.journal.statements import Change
    from tutor.postgres.server import Server

FORMAT = 1

# How long the log may take to hold what was just committed.
PATIENCE_SECONDS = 2.0
PAUSE_SECONDS = 0.005

# A log file that the server has not written to for so long, and is not the last, is finished.
QUIET_SECONDS = 10.0

Kind = Literal["migration", "stamp", "ddl", "rows"]


@dataclass(frozen=True)
class Event:
    """One committed transaction.

    `kind`: "migration" (alembic_version changed, and other things with it), "stamp" (only
    alembic_version changed; an upgrade through an empty revision looks the same), "ddl", "rows".
    `changes`: the version changes in order, as (from, to): None is "no row", "*" "every row".
    `time`: as the server's log writes it, UTC. `number` counts from 1.
    """

    number: int
    time: str
    application: str
    session: str
    kind: Kind
    changes: tuple[Change, ...]
    statements: tuple[str, ...]


@dataclass
class _Digest:
    """What the digest holds. `files`: how many bytes of each log file have been read."""

    files: dict[str, int]
    sessions: dict[str, transactions.Session]
    events: list[Event]
    base: int = 0
    """The number before the first event's."""

    @property
    def last(self) -> int:
        """The newest event's number; `base` where there is none."""
        return self.events[-1].number if self.events else self.base


class Journal:
    """The journal of one workspace. Methods raise CannotActError."""

    def __init__(self, server: Server, path: Path) -> None:
        """Take the server whose log is read, and the file of the digest."""
        self._server = server
        self._path = path

    def update(self, *, settle: bool = True) -> None:
        """Read what is new in the log and note it.

        `settle`: first make sure that everything committed so far is in the log, by writing a mark
        to it and reading up to that. Without it the very latest commit may come with the next call.
        """
        with locked(self._path.parent, f".{self._path.name}.lock"), disk_errors(self._path):
            try:
                digest = self._load()
            except CannotActError:
                digest = self._begin_anew()
            before = dict(digest.files)
            mark = self._write_mark() if settle and self._server.is_running() else None
            deadline = time.monotonic() + PATIENCE_SECONDS
            while not self._read(digest, mark) and mark and time.monotonic() < deadline:
                time.sleep(PAUSE_SECONDS)
            if digest.files != before:
                self._save(digest)
            self._delete_read(digest)

    def events(self, since: int = 0) -> list[Event]:
        """Return the events with a number above `since`, oldest first."""
        return [event for event in self._load().events if event.number > since]

    def last(self) -> int:
        """Return the newest event's number; that before the first one's where there is none."""
        return self._load().last

    def lost_since(self, number: int) -> bool:
        """Tell whether the journal was damaged, and begun anew, after the event of that number."""
        return self._load().base > number

    def _read(self, digest: _Digest, mark: str | None) -> bool:
        """Read all complete new lines; tell whether the mark was among them."""
        follower = Transactions(self._server.live, digest.sessions)
        found = False
        files = self._server.log_files()
        digest.files = {path.name: digest.files.get(path.name, 0) for path in files}
        for path in files:
            for entry, end in _entries(path, digest.files[path.name]):
                digest.files[path.name] = end
                if mark and entry.get("message") == mark:
                    found = True
                for committed in follower.feed(entry):
                    digest.events.append(_event(digest.last + 1, committed))
        return found

    def _write_mark(self) -> str:
        mark = f"tutor journal {secrets.token_hex(8)}"
        with database_errors("read the server's log"), self._server.maintenance() as admin:
            admin.execute(f"DO $$ BEGIN RAISE LOG '{mark}'; END $$")
        return mark

    def _delete_read(self, digest: _Digest) -> None:
        """Delete log files whose complete lines are all read and that are written to no more.

        The last file is the server's present one; at the moment of rotation it may be the last but
        one, so one that was written to just now stays for the next time.
        """
        for path in self._server.log_files()[:-1]:
            quiet = time.time() - path.stat().st_mtime
            if path.name in digest.files and quiet > QUIET_SECONDS:
                path.unlink(missing_ok=True)
                path.with_suffix(".log").unlink(missing_ok=True)  # its empty twin

    def _begin_anew(self) -> _Digest:
        """Move a damaged digest aside; what is in the log by now is not counted."""
        self._path.replace(self._path.with_suffix(".damaged"))
        files = {path.name: path.stat().st_size for path in self._server.log_files()}
        digest = _Digest(files, {}, [], base=int(time.time()))
        self._save(digest)
        return digest

    def _load(self) -> _Digest:
        try:
            lines = self._path.read_text(encoding="utf-8").splitlines()
            head = json.loads(lines[0])
            return _Digest(
                files=head["files"],
                sessions=transactions.from_json(head["sessions"]),
                events=[_event_from_json(json.loads(line)) for line in lines[1:]],
                base=head.get("base", 0),
            )
        except FileNotFoundError:
            return _Digest({}, {}, [])
        except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
            raise CannotActError(
                f"The journal of what was committed is damaged: {self._path} ({error}).",
                "The next `tutor check`, `tutor reset` or `tutor goto` begins it anew.",
            ) from error

    def _save(self, digest: _Digest) -> None:
        head = {
            "format": FORMAT,
            "files": digest.files,
            "sessions": transactions.to_json(digest.sessions),
            "base": digest.base,
        }
        lines = [head, *map(asdict, digest.events)]
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        home.write_atomically(self._path, text)


def _entries(path: Path, offset: int) -> Iterator[tuple[dict[str, Any], int]]:
    """Yield the complete lines of a log file from an offset, each with the offset behind it.

    A line that a crash left half written, or that is damaged, is passed over as an empty entry.
    """
    try:
        with path.open("rb") as file:
            file.seek(offset)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                offset += len(line)
                try:
                    entry = json.loads(line)
                except ValueError:
                    entry = {}
                yield entry, offset
    except FileNotFoundError:  # a second command has read it to its end
        return


def _event(number: int, committed: Committed) -> Event:
    kinds = {effect.kind for effect in committed.effects}
    kind: Kind
    if "version" in kinds:
        kind = "migration" if len(kinds) > 1 or committed.changed else "stamp"
    else:
        kind = "ddl" if "ddl" in kinds else "rows"
    return Event(
        number=number,
        time=committed.time,
        application=committed.application,
        session=committed.session,
        kind=kind,
        changes=tuple(change for effect in committed.effects for change in effect.changes),
        statements=tuple(effect.text for effect in committed.effects),
    )


def _event_from_json(value: dict[str, Any]) -> Event:
    changes = tuple((before, after) for before, after in value["changes"])
    return Event(**value | {"changes": changes, "statements": tuple(value["statements"])})
