"""Reading SQL text as PostgreSQL's lexer does: just far enough to split and to compare it."""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = r'(?:"(?:[^"]|"")*"|[^\W\d][\w$]*)'

# Comments and blanks (skipped), then what may hold any character, then the rest. A cast is one
# token: some type names are several words, with a length or a precision between them.
_TOKEN = re.compile(
    rf"""
    (?P<skip> \s+ | --[^\n]* | /\*.*?\*/ )
  | (?P<text> [eE]'(?:[^'\\]|''|\\.)*' | (?:[uU]&)?'(?:[^']|'')*'
            | \$(?P<tag>(?:[^\W\d]\w*)?)\$ .*? \$(?P=tag)\$ )
  | (?P<cast> :: \s* (?: (?i: (?:character|bit)\s+varying | double\s+precision
                            | (?:timestamp|time) \s* (?:\(\d\))? \s* with(?:out)?\s+time\s+zone )
                       | {_NAME} (?:\.{_NAME})* ) (?:\s*\([\d,\s]*\))? (?:\[\d*\])* )
  | (?P<name> {_NAME} )
  | (?P<number> \d[\w.]* | \$\d+ )
  | (?P<sign> . )
    """,
    re.VERBOSE | re.DOTALL,
)

# PostgreSQL adds casts to these types by itself, and they keep the value.
_STRING_TYPES = frozenset({"text", "character varying", "varchar", "bpchar"})
_WHOLE_NUMBER_TYPES = frozenset({"smallint", "integer", "int", "bigint"})

# Parentheses behind any other name are those of a call, or of a list.
_KEYWORDS = frozenset(
    {"and", "or", "not", "case", "when", "then", "else", "between", "like", "is", "where", "on"}
)


def tokens(text: str) -> Iterator[str]:
    """Yield names, numbers, literals and signs; unquoted names in lower case, no comments."""
    for match in _TOKEN.finditer(text):
        token = match.group()
        if match.lastgroup == "skip":
            continue
        if match.lastgroup in {"name", "cast"} and '"' not in token:
            token = " ".join(token.lower().split())
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
    went through pg_dump. Left out are parentheses around a single thing, casts to a string type
    without a length, and the cast that gives a literal its type; a cast of ARRAY[…] becomes one of
    each element. Every other cast can change the value, and counts.
    """
    tree = _parsed(deque(tokens(expression)))
    return " ".join(_flat(_inside(tree)))


Tree = list["str | Tree"]
"""Tokens; a nested list is one operand: a group in its brackets, a call, or a cast."""


def _parsed(words: deque[str]) -> Tree:
    """Take the tokens up to the bracket that closes this level."""
    found: Tree = []
    while words and words[0] not in {")", "]"}:
        word = words.popleft()
        if word in {"(", "["}:
            inner = _parsed(words)
            _add_group(found, word, inner, words.popleft() if words else "")
        elif word.startswith("::"):
            _add_cast(found, word[2:])
        else:
            found.append(word)
    return found


def _add_group(found: Tree, opening: str, inner: Tree, closing: str) -> None:
    inner = _inside(inner)
    before = found[-1] if found else ""
    if isinstance(before, str) and re.match(_NAME, before) and before not in _KEYWORDS:
        found[-1] = [before, opening, *inner, closing]
    elif opening == "(" and len(inner) == 1:
        found += inner
    else:
        found.append([opening, *inner, closing])


def _inside(tree: Tree) -> Tree:
    """Return what stands within parentheses that enclose all of it."""
    while len(tree) == 1 and isinstance(tree[0], list) and tree[0][0] == "(":
        tree = tree[0][1:-1]
    return tree


def _add_cast(found: Tree, kind: str) -> None:
    """Cast the last operand, unless the cast keeps its value."""
    operand = found.pop() if found else ""
    if isinstance(operand, list) and operand[:2] == ["array", "["] and kind.endswith("[]"):
        found.append(_with_cast_elements(operand, kind.removesuffix("[]")))
    elif kind.rstrip("[]") in _STRING_TYPES:
        found.append(operand)
    elif isinstance(operand, str) and _is_typed_by(operand, kind):
        found.append([operand])  # no longer a literal: one more cast would convert the value
    else:
        found.append([operand, f"::{kind}"])


def _is_typed_by(operand: str, kind: str) -> bool:
    """Tell whether the operand is a literal, and the cast only says of which type it is."""
    if "(" in kind or not re.match(r"\d|[^\W\d]*&?'", operand):
        return False
    return operand.isdecimal() or kind not in _WHOLE_NUMBER_TYPES or "'" in operand


def _with_cast_elements(array: Tree, kind: str) -> Tree:
    cast: Tree = array[:2]
    element: Tree = []
    for item in array[2:]:
        if isinstance(item, list) or item not in {",", "]"}:
            element.append(item)
            continue
        operand: Tree = [["(", *element, ")"]] if element[1:] else element
        if operand:
            _add_cast(operand, kind)
        cast += [*operand, item]
        element = []
    return cast


def _flat(tree: Tree) -> Iterator[str]:
    for item in tree:
        if isinstance(item, str):
            yield item
        else:
            yield from _flat(item)
