"""The journal: which migrations, stamps and other changes were committed to the live database.

Told from the server's own log, so that the learner's database holds nothing of the tutor's. The
digest, `journal.jsonl`, has on its first line how far the log has been read, then an event a line.
It is replaced as a whole, so that a crash neither loses an event nor counts one twice; only after
that are log files deleted that have been read to their end.

A damaged digest is moved aside and rebuilt from the log's present end. A rebuilt journal numbers
events from the current Unix time, so old references sort before them.
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
    from pathlib import Path

    from tutor.postgres.journal.statements import Change
    from tutor.postgres.server import Server, ServerLog

FORMAT = 1

# How long the log may take to hold what was just committed.
PATIENCE_SECONDS = 2.0
PAUSE_SECONDS = 0.005

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
        log = self._server.log
        if log is None:
            return
        with locked(self._path.parent, f".{self._path.name}.lock"), disk_errors(self._path):
            try:
                digest = self._load()
            except CannotActError:
                digest = self._rebuild(log)
            before = dict(digest.files)
            mark = self._write_mark() if settle and self._server.is_running() else None
            deadline = time.monotonic() + PATIENCE_SECONDS
            while not self._read(log, digest, mark) and mark and time.monotonic() < deadline:
                time.sleep(PAUSE_SECONDS)
            if digest.files != before:
                self._save(digest)
            for name in log.segments()[:-1]:
                if name in digest.files:
                    log.delete(name)

    def events(self, since: int = 0) -> list[Event]:
        """Return the events with a number above `since`, oldest first."""
        return [event for event in self._load().events if event.number > since]

    def last(self) -> int:
        """Return the newest event's number; that before the first one's where there is none."""
        return self._load().last

    def lost_since(self, number: int) -> bool:
        """Tell whether the journal was damaged, and rebuilt, after the event of that number."""
        return self._load().base > number

    def _read(self, log: ServerLog, digest: _Digest, mark: str | None) -> bool:
        """Read all complete new lines; tell whether the mark was among them."""
        follower = Transactions(self._server.live, digest.sessions)
        found = False
        digest.files = {name: digest.files.get(name, 0) for name in log.segments()}
        for name, offset in list(digest.files.items()):
            for line, end in log.lines(name, offset):
                entry = _entry(line)
                digest.files[name] = end
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

    def _rebuild(self, log: ServerLog) -> _Digest:
        """Move a damaged digest aside; what is in the log by now is not counted."""
        self._path.replace(self._path.with_suffix(".damaged"))
        sizes = {name: log.size(name) for name in log.segments()}
        digest = _Digest(sizes, {}, [], base=int(time.time()))
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
                "The next `tutor check`, `tutor reset` or `tutor goto` rebuilds it.",
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


def _entry(line: bytes) -> dict[str, Any]:
    """Return a line of the log; a damaged one, of a crash, is passed over as an empty entry."""
    try:
        entry: dict[str, Any] = json.loads(line)
    except ValueError:
        return {}
    return entry


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
