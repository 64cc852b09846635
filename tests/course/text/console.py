"""The ```console blocks of a lesson: the commands they show, and the output they promise."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

START = "start"
ANYTHING = "…"
"""Inside a line it stands for any text; alone on a line, for any number of lines."""

_BLOCK = re.compile(
    r"^```console(?: +(?P<state>\S+))?\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL
)
_PROMPT = "$ "
_HOLE = re.compile(rf"{ANYTHING}|\{{\{{\w+\}}\}}")


@dataclass(frozen=True)
class Shown:
    """A command and the lines that the lesson shows below it; () where it shows none."""

    command: str
    output: tuple[str, ...]


@dataclass(frozen=True)
class Sitting:
    """Commands of one lesson that are run one after the other, beginning in `state`.

    `state` is "start", "solution", "mistakes/NAME" or "alternatives/NAME".
    """

    state: str
    commands: tuple[Shown, ...]


def sittings(text: str) -> tuple[Sitting, ...]:
    """Return a lesson's commands, those of consecutive blocks of one state together.

    Raises ValueError for a block that does not begin with a command.
    """
    blocks = [(match["state"] or START, match["body"]) for match in _BLOCK.finditer(text)]
    return tuple(
        Sitting(state, tuple(shown for _, body in group for shown in _commands(body)))
        for state, group in groupby(blocks, key=lambda block: block[0])
    )


def _commands(body: str) -> Iterator[Shown]:
    first, *parts = re.split(rf"^{re.escape(_PROMPT)}", body, flags=re.MULTILINE)
    if first or not parts:
        raise ValueError(f"a console block must begin with a command:\n{body}")
    for part in parts:
        command, *output = part.rstrip().split("\n")
        yield Shown(command.rstrip(), tuple(line.rstrip() for line in output))


def first_unlike(shown: Sequence[str], printed: str) -> int | None:
    """Return the index of the first shown line that the printed text does not bear out.

    The index behind the last shown line means that more was printed. None: the two agree.
    """
    lines = [line.rstrip() for line in printed.rstrip().splitlines()]
    places = {0}
    """Indices into `lines` up to which the shown lines so far can account for all of them."""
    for index, line in enumerate(shown):
        if line.strip() == ANYTHING:
            places = set(range(min(places), len(lines) + 1))
            continue
        pattern = _pattern(line)
        places = {
            place + 1 for place in places if place < len(lines) and pattern.fullmatch(lines[place])
        }
        if not places:
            return index
    return None if len(lines) in places else len(shown)


def _pattern(line: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(piece) for piece in _HOLE.split(line.rstrip())))
