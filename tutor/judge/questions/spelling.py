"""Compare an answer, as people type or paste it, with what is right.

An answer is brought to a plain form, and so is what is right: quotes, case, and blanks around
punctuation do not count. Then it must be equal to an answer, or be a line that shows it. A text
that merely contains an answer is not right: a pasted file contains them all.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from tutor.judge.values.answers import Right

_QUOTES = re.compile("[\"'`\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}“”«»]")
_OP_F = re.compile(r"\bop\.f\(([^()]*)\)")
_VARIES = "…"
_MOST = 150
"""Characters that "…" stands for at most."""

_FOUND_AT = re.compile(r"^\s*(?:[\w./\\-]+\.\w+:)?(?:\d+:)?\s*(?=\S)")
"""Where `grep` or an editor says that a line stands: `migrations/env.py:27:`."""
_LOGGED = re.compile(r"^INFO\s+\[[\w.]+\]\s*")
_NOISE = re.compile(
    r"\s*$"
    r"|\s*(INFO\s+\[[\w.]+\]\s*)?(Context impl \w+\.|Will assume (non-)?transactional DDL\.)\s*$"
    r"|.*[$%>#]\s+(python[\d.]*|py|alembic|tutor|psql)\s"  # the prompt with the command
)
_RULE = re.compile(r"[ |]*-{3,}[-+| ]*$")
_FOOTER = re.compile(r"\s*\(\d+ rows?\)\s*$")

_LEADING = re.compile(
    r"(?:(?:it|that|this|the answer|answer)(?: is| was|s)?|its|is|was|only|just|exactly|the|an|a"
    r"|called|named|value|public\.|(?:unique |primary key )?(?:index|constraint)|revision|table"
    r"|column|file|module|variable|type|data type|data_type|name|at|->|=)\b ?[:=]? ?"
)
_TRAILING = re.compile(
    r" (?:index|constraint|revision|table|column|file|module|variable|type|only)$"
)

_NUMBER_WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    *("nineteen", "twenty"),
)
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)*")
_AROUND_NUMBERS = frozenset(
    {"my", "there", "are", "i", "it", "the", "in", "total", "all", "of", "them", "have", "ha"}
    | {"now", "only", "just", "exactly", "answer", "count", "see", "row", "line", "entry"}
    | {"entrie", "revision", "record", "file", "rev"}
)
"""Words that change nothing about a number, without a final s."""

_ID = re.compile(r"(?<![0-9a-z])[0-9a-f]{12}(?![0-9a-z])")
_SHORT_ID = re.compile(r"[0-9a-f]{4,11}")
_RAN = re.compile(r"running (?:upgrade|downgrade) ?\w*->(\w*)")
_DENIED = re.compile(r"\b(?:not|no|never|isnt|wasnt|neither|nor|or|except|without)\b")


def is_right(given: str, right: Right, about: str = "") -> bool:
    """Whether an answer is one of the right ones, or a line that shows one.

    `about` is the question: its words may stand around a number.
    """
    lines = _lines(given)
    return bool(lines) and all(_line_is_right(line, right, about) for line in lines)


def is_one_line(given: str) -> bool:
    """Whether an answer is one line, apart from what the screen shows around it."""
    return len(_lines(given)) <= 1


def first_like(given: str, patterns: Collection[str]) -> str | None:
    """Return which pattern an answer is like; "…" in a pattern stands for what varies.

    One that it equals goes before one that it equals but for what introduces it.
    """
    lines = _lines(given)
    said = plain(lines[0]) if len(lines) == 1 else ""
    equal = (pattern for pattern in patterns if _pattern(pattern).fullmatch(said))
    alike = (pattern for pattern in patterns if _bare(plain(pattern)) == _bare(said))
    return next(equal, None) or next(alike, None)


@cache
def plain(text: str) -> str:
    """Return a line without what does not matter: case, quotes, blanks, punctuation at its end."""
    text = _OP_F.sub(r"\1", text)
    text = " ".join(_QUOTES.sub("", text).casefold().split())
    text = text.rstrip(" ,;.:!")
    if re.fullmatch(r"\([^()]*\)|\[[^\[\]]*\]", text):
        text = text[1:-1].strip()
    text = re.sub(r" ?([^\w\s]) ?", r"\1", text)
    # A person writes `alembic version` and `uq-products-sku` for names with underscores.
    return re.sub(r"(?<=[^\W\d_])[ _-]+(?=[^\W\d_])", " ", text)


def _lines(given: str) -> list[str]:
    """Return the lines of an answer that say something.

    Log lines, the command itself and the frame of a table of psql's say nothing; where there is
    nothing else, they stay.
    """
    lines = given.splitlines()
    headers = {number - 1 for number, line in enumerate(lines) if _RULE.match(line)}
    telling = [
        line
        for number, line in enumerate(lines)
        if number not in headers
        and not _NOISE.match(line)
        and not _RULE.match(line)
        and not (headers and _FOOTER.match(line))
    ]
    said = telling or [line for line in lines if line.strip()]
    return [_LOGGED.sub("", _FOUND_AT.sub("", line)) for line in said]


def _line_is_right(line: str, right: Right, about: str) -> bool:
    said = plain(line)
    bare = _bare(said)
    wanted = [plain(answer) for answer in right.answers]
    return (
        bare in wanted
        or bare in map(_bare, wanted)
        or any(_pattern(shown).fullmatch(said) for shown in right.shown)
        or any(_is_number(said, answer, about) for answer in wanted if answer.isdecimal())
        or any(_is_id(said, bare, answer) for answer in wanted if _ID.fullmatch(answer))
    )


def _bare(said: str) -> str:
    """Return a plain text without what introduces it: "it is the index x" is "x"."""
    while (shorter := _TRAILING.sub("", said)) != said:
        said = shorter
    while (found := _LEADING.match(said)) and found.end() < len(said):
        said = said[found.end() :]
    return said


@cache
def _pattern(shown: str) -> re.Pattern[str]:
    stand_in = "\ue000"  # a private character: `plain` takes it for punctuation
    text = re.escape(plain(shown.replace(_VARIES, stand_in)))
    return re.compile(text.replace(stand_in, f".{{0,{_MOST}}}"))


def _is_number(said: str, answer: str, about: str) -> bool:
    """Whether a text holds just this number, among words that change nothing about it."""
    words = [_digits(word) for word in said.split()]
    numbers = [found for word in words for found in _NUMBER.findall(word)]
    return numbers == [answer] and _words(" ".join(words)) <= _AROUND_NUMBERS | _words(about)


def _digits(word: str) -> str:
    return str(_NUMBER_WORDS.index(word)) if word in _NUMBER_WORDS else word


def _words(text: str) -> set[str]:
    return {word.removesuffix("s") for word in re.findall(r"[^\W\d_]+", text.casefold())}


def _is_id(said: str, bare: str, answer: str) -> bool:
    """Whether a line names this revision and no other; as much of its id as Alembic needs will do.

    Of a revision that ran, what Alembic logged names two: where it led counts.
    """
    if _DENIED.search(said):
        return False
    ran = _RAN.match(said)
    if ran:
        return ran[1] == answer
    if ids := _found_ids(said):
        return ids == {answer}
    short = bare.removesuffix("(head)").rstrip(".…")
    return bool(_SHORT_ID.fullmatch(short)) and answer.startswith(short)


def _found_ids(said: str) -> Collection[str]:
    return set(_ID.findall(said))
