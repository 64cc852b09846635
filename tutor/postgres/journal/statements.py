"""What one SQL statement does to a database, told from its text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from tutor.postgres.sqltext import tokens

# A version change: what stood in alembic_version before and after. None: no row. EVERY as the first
# part: all rows, whatever stood in them.
Change = tuple[str | None, str | None]
EVERY = "*"

VERSION_TABLE = "alembic_version"
VERSION_COLUMN = "version_num"

DDL = frozenset(
    {"create", "alter", "drop", "comment", "grant", "revoke", "reindex", "refresh", "cluster"}
)
ROWS = frozenset({"insert", "update", "delete", "truncate", "merge", "copy"})

# Long enough to recognise a statement, short enough for the digest.
TEXT_LENGTH = 2_000

# Words that may stand between a statement's verb and its table.
BEFORE_TABLE = frozenset(
    {"into", "from", "only", "table", "if", "exists", "not", "public", '"public"', "."}
)


@dataclass(frozen=True)
class Effect:
    """What a statement does: "ddl", "rows", or "version" with its changes of alembic_version."""

    kind: Literal["ddl", "rows", "version"]
    text: str
    changes: tuple[Change, ...] = ()


def effect(statement: str, detail: str = "") -> Effect | None:
    """Return what a statement does; None for one that only reads or steers the session.

    `detail` is the log's list of parameters: "Parameters: $1 = 'abc', $2 = NULL". What a function
    does that a SELECT calls is not seen.
    """
    words = list(tokens(statement))
    verb = words[0] if words else ""
    text = statement.strip()[:TEXT_LENGTH]
    if verb in {"do", "with"}:
        inside = _words_inside(statement) if verb == "do" else set(words)
        kinds: list[Literal["ddl", "rows"]] = ["rows"] if inside & ROWS else []
        if verb == "do" and inside & DDL:
            kinds = ["ddl"]
        return Effect(kinds[0], text) if kinds else None
    if verb not in DDL | ROWS or (verb == "copy" and "from" not in words):
        return None
    if _table(words) == VERSION_TABLE or _names_version(words):
        changes = _version_changes([_value(word, detail) for word in words])
        # Alembic makes its table by itself, empty: that changes nothing.
        return Effect("version", text, changes) if changes else None
    return Effect("ddl" if verb in DDL else "rows", text)


def _names_version(words: list[str]) -> bool:
    """Whether a change of rows is of a version table that env.py gave another name."""
    return words[0] in ROWS and any(word.strip('"') == VERSION_COLUMN for word in words)


def _table(words: list[str]) -> str:
    """Return the first name behind the verb that can be the table's."""
    for word in words[1:]:
        if word not in BEFORE_TABLE:
            return word.strip('"')
    return ""


def _words_inside(statement: str) -> set[str]:
    """Return the words of a DO block, whose body is one quoted text to the lexer."""
    return set(re.findall(r"[a-z]+", statement.lower()))


def _version_changes(words: list[str]) -> tuple[Change, ...]:
    verb = words[0]
    split = words.index("where") if "where" in words else len(words)
    new, old = _literals(words[:split]), _literals(words[split:])
    if verb == "insert":
        return tuple((None, version) for version in new)
    if verb == "update":
        return tuple((version, new[0]) for version in old or [EVERY]) if new else ()
    if verb == "delete":
        return tuple((version, None) for version in old or [EVERY])
    if verb in {"truncate", "drop"}:
        return ((EVERY, None),)
    return ()


def _literals(words: list[str]) -> list[str]:
    return [word[1:-1].replace("''", "'") for word in words if word.startswith("'")]


def _value(word: str, detail: str) -> str:
    """Return a parameter's value, as a literal, in place of its $number."""
    if re.fullmatch(r"\$\d+", word):
        found = re.search(re.escape(word) + r" = ('(?:[^']|'')*')", detail)
        return found[1] if found else word
    return word
