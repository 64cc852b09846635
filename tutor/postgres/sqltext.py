"""Reading SQL text as PostgreSQL's lexer does: just far enough to split and to compare it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Comments and blanks (skipped), then what may hold any character, then the rest.
_TOKEN = re.compile(
    r"""
    (?P<skip> \s+ | --[^\n]* | /\*.*?\*/ )
  | (?P<text> [eE]'(?:[^'\\]|''|\\.)*' | (?:[uU]&)?'(?:[^']|'')*'
            | \$(?P<tag>(?:[^\W\d]\w*)?)\$ .*? \$(?P=tag)\$ )
  | (?P<name> "(?:[^"]|"")*" | [^\W\d][\w$]* )
  | (?P<number> \d[\w.]* | \$\d+ )
  | (?P<sign> :: | . )
    """,
    re.VERBOSE | re.DOTALL,
)

# Types whose names are several words; any other type is one name, perhaps with a schema.
_LONG_TYPES = (
    ("character", "varying"),
    ("double", "precision"),
    ("bit", "varying"),
    ("timestamp", "with", "time", "zone"),
    ("timestamp", "without", "time", "zone"),
    ("time", "with", "time", "zone"),
    ("time", "without", "time", "zone"),
)


def tokens(text: str) -> Iterator[str]:
    """Yield names, numbers, literals and signs; unquoted names in lower case, no comments."""
    for match in _TOKEN.finditer(text):
        token = match.group()
        if match.lastgroup == "skip":
            continue
        if match["name"] and not token.startswith('"'):
            token = token.lower()
        yield token


def statements(text: str) -> list[str]:
    """Split text at the semicolons that end statements; empty ones are left out."""
    found, begin = [], 0
    for match in _TOKEN.finditer(text):
        if match.group() == ";":
            found.append(text[begin : match.start()])
            begin = match.end()
    found.append(text[begin:])
    return [statement.strip() for statement in found if any(True for _ in tokens(statement))]


def normal_form(expression: str) -> str:
    """Return an expression of the catalog in a form that does not depend on how it got there.

    `status IN ('a', 'b')` is printed with casts and parentheses that come out otherwise once it
    went through pg_dump. Casts and parentheses around a single thing are therefore left out: two
    expressions that differ only in these count as the same.
    """
    plain = list(_without_casts(list(tokens(expression))))
    tree, _ = _group(plain, 0)
    return " ".join(_flat(_unwrapped(tree)))


def _without_casts(words: list[str]) -> Iterator[str]:
    place = 0
    while place < len(words):
        if words[place] != "::":
            yield words[place]
            place += 1
            continue
        place = _after_type(words, place + 1)


def _after_type(words: list[str], place: int) -> int:
    """Return the place behind a type's name that begins at `place`."""
    for long in _LONG_TYPES:
        # The length stands within: character varying(10), timestamp(3) with time zone.
        here = place + 1
        if words[place] != long[0]:
            continue
        behind = _after_brackets(words, here, "(", ")")
        for start in (here, behind):
            if tuple(words[start : start + len(long) - 1]) == long[1:]:
                return _after_type_suffix(words, start + len(long) - 1)
    place += 1
    while words[place : place + 1] == ["."]:
        place += 2
    return _after_type_suffix(words, place)


def _after_type_suffix(words: list[str], place: int) -> int:
    place = _after_brackets(words, place, "(", ")")
    while words[place : place + 1] == ["["]:
        place = _after_brackets(words, place, "[", "]")
    return place


def _after_brackets(words: list[str], place: int, opening: str, closing: str) -> int:
    if words[place : place + 1] != [opening]:
        return place
    while place < len(words) and words[place] != closing:
        place += 1
    return place + 1


Tree = list["str | Tree"]


def _group(words: list[str], place: int) -> tuple[Tree, int]:
    """Return the nested lists that parentheses make, up to the one that closes this level."""
    found: Tree = []
    while place < len(words):
        if words[place] == "(":
            inner, place = _group(words, place + 1)
            found.append(inner)
        elif words[place] == ")":
            return found, place + 1
        else:
            found.append(words[place])
            place += 1
    return found, place


def _unwrapped(tree: Tree) -> Tree:
    """Drop parentheses around a single thing, those of a call apart: lower(name) keeps them."""
    result: Tree = []
    for place, item in enumerate(tree):
        if isinstance(item, str):
            result.append(item)
            continue
        inner = _unwrapped(item)
        while len(inner) == 1 and isinstance(inner[0], list):
            inner = inner[0]
        before = tree[place - 1] if place else None
        called = isinstance(before, str) and re.match(r'[^\W\d]|"', before)
        if len(inner) == 1 and not called:
            result.append(inner[0])
        else:
            result.append(inner)
    if len(result) == 1 and isinstance(result[0], list):
        return result[0]
    return result


def _flat(tree: Tree) -> Iterator[str]:
    for item in tree:
        if isinstance(item, str):
            yield item
        else:
            yield "("
            yield from _flat(item)
            yield ")"
