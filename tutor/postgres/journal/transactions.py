"""From the server's log to committed transactions.

The log holds each statement once, when it is complete (see roles.LOG_SETTINGS), and each error. A
transaction counts when its COMMIT is complete; what was rolled back, failed, or was cut off by the
end of a session or of the server, does not.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from tutor.postgres.journal.statements import Effect, effect
from tutor.postgres.sqltext import statements, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

# Of a statement's parts in the extended protocol (parse, bind, execute) the last one counts.
_DONE = re.compile(r"duration: [\d.]+ ms  (?:statement|execute [^:]+): (.*)", re.DOTALL)

# Lines of the postmaster's: no session from before goes on.
_RESTARTED = ("database system is ready", "all server processes terminated")

# These end the session with it.
_ENDS = frozenset({"FATAL", "PANIC"})
_FAILURES = _ENDS | {"ERROR"}

# More sessions with unfinished business than any learner has open; older ones are forgotten.
SESSIONS = 300


@dataclass
class Session:
    """What one session has done since its last commit.

    `savepoints`: names, and how many effects there were before each. `changed`: it committed
    changes, but no version yet; Alembic does so around what cannot run in a transaction.
    """

    explicit: bool = False
    failed: bool = False
    effects: list[Effect] = field(default_factory=list)
    savepoints: list[tuple[str, int]] = field(default_factory=list)
    changed: bool = False

    def idle(self) -> bool:
        """Tell whether nothing of it needs to be remembered."""
        return not (self.explicit or self.effects or self.changed)


@dataclass(frozen=True)
class Committed:
    """The effects of one committed transaction, in order; `changed`: see Session, before it."""

    time: str
    application: str
    session: str
    effects: tuple[Effect, ...]
    changed: bool


class Transactions:
    """Follows the sessions in one database, entry by entry of the log."""

    def __init__(self, database: str, sessions: dict[str, Session]) -> None:
        """Go on with the sessions that were open when the log was last read."""
        self._database = database
        self.sessions = sessions

    def feed(self, entry: dict[str, Any]) -> Iterator[Committed]:
        """Take the next entry of the log; yield the transactions that it commits."""
        message = str(entry.get("message", ""))
        if entry.get("backend_type") == "postmaster" and message.startswith(_RESTARTED):
            self.sessions.clear()
        if entry.get("dbname") != self._database:
            return
        name = str(entry.get("session_id"))
        session = self.sessions.pop(name, None) or Session()
        severity = entry.get("error_severity")
        if severity in _FAILURES:
            done, failed = _before_failure(entry), True
        elif match := _DONE.match(message):
            done, failed = statements(match[1]), False
        else:
            done, failed = [], False
        for statement in done:
            yield from self._run(session, statement, entry)
        if failed:
            _fail(session)
        elif done and not session.explicit:
            yield from self._commit(session, entry)
        if severity not in _ENDS and not session.idle():
            self.sessions[name] = session
            while len(self.sessions) > SESSIONS:
                del self.sessions[next(iter(self.sessions))]

    def _run(self, session: Session, statement: str, entry: dict[str, Any]) -> Iterator[Committed]:
        words = list(tokens(statement))
        match words:
            case ["begin", *_] | ["start", "transaction", *_]:
                session.explicit = True
            case ["commit" | "end", *rest]:
                yield from self._commit(session, entry)
                session.explicit = rest[-2:] == ["and", "chain"]
            case ["rollback" | "abort", *rest] if "to" not in rest:
                _forget(session)
                session.explicit = rest[-2:] == ["and", "chain"]
            case ["rollback", *_, name]:
                _roll_back_to(session, name)
            case ["savepoint", name]:
                session.savepoints.append((name, len(session.effects)))
            case _:
                if found := effect(statement, str(entry.get("detail", ""))):
                    session.effects.append(found)

    def _commit(self, session: Session, entry: dict[str, Any]) -> Iterator[Committed]:
        """Yield the transaction, unless it changed nothing, or failed and is rolled back."""
        effects, failed = tuple(session.effects), session.failed
        _forget(session)
        if failed or not effects:
            return
        yield Committed(
            time=str(entry.get("timestamp")),
            application=str(entry.get("application_name") or ""),
            session=str(entry.get("session_id")),
            effects=effects,
            changed=session.changed,
        )
        session.changed = not any(item.kind == "version" for item in effects)


def to_json(sessions: dict[str, Session]) -> dict[str, Any]:
    """Return open sessions as JSON values."""
    return {name: asdict(session) for name, session in sessions.items()}


def from_json(value: dict[str, Any]) -> dict[str, Session]:
    """Build open sessions from JSON values; raises KeyError or TypeError where damaged."""
    sessions = {}
    for name, item in value.items():
        effects = [
            Effect(
                entry["kind"],
                entry["text"],
                tuple((before, after) for before, after in entry["changes"]),
            )
            for entry in item["effects"]
        ]
        savepoints = [(label, place) for label, place in item["savepoints"]]
        sessions[name] = Session(**item | {"effects": effects, "savepoints": savepoints})
    return sessions


def _before_failure(entry: dict[str, Any]) -> list[str]:
    """Return the statements of a failed string that were complete before the one that failed.

    The log names the failed one only by its command tag ("ps"): the first statement that begins so
    is taken for it. Of a string that does not parse ("ps" is "idle") nothing ran.
    """
    parts = statements(str(entry.get("statement", "")))
    tag = str(entry.get("ps", "")).lower().split(" ")[0]
    verbs = [next(tokens(part)) for part in parts]
    return parts[: verbs.index(tag)] if tag in verbs else []


def _fail(session: Session) -> None:
    """Note an error: an explicit transaction can only be rolled back, an implicit one is gone."""
    if session.explicit:
        session.failed = True
    else:
        _forget(session)


def _forget(session: Session) -> None:
    session.explicit = session.failed = False
    session.effects.clear()
    session.savepoints.clear()


def _roll_back_to(session: Session, name: str) -> None:
    """Undo what came after a savepoint; the newest of that name counts, and it stays."""
    for place in range(len(session.savepoints) - 1, -1, -1):
        label, number = session.savepoints[place]
        if label == name:
            del session.savepoints[place + 1 :]
            del session.effects[number:]
            session.failed = False
            return
