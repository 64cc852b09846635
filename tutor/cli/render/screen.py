"""The screen: what every view is drawn with, and the only place that knows marks and colours.

Colours are of the palette of 256, of middle brightness: a terminal's own sixteen, and dimmed text,
are hardly read on one background or the other. Each stands beside a mark or a word that says the
same. Where there are no colours (a pipe, a dumb terminal, NO_COLOR) `code` keeps its backquotes.
Nothing drawn is wider than the screen.
"""

from __future__ import annotations

import codecs
import io
import shutil
import sys
from typing import IO, TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text
from rich.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import RenderableType

GOOD = "✓"
BAD = "✗"
WARN = "!"
OPEN = "?"
UNSEEN = "·"
HERE = "▸"

GREEN, RED, ORANGE, BLUE, VIOLET, GREY = (f"color({n})" for n in (29, 131, 130, 63, 98, 243))
"""Each has a contrast of at least 4.4 to white and to black."""

MARK_STYLES = {
    GOOD: GREEN,
    BAD: f"bold {RED}",
    WARN: ORANGE,
    OPEN: ORANGE,
    HERE: f"bold {BLUE}",
}

_READABLE = 100
"""Columns: longer lines of prose are hard to read."""
_LEAST = 20
_BAR = 12
_INDENT = "  "

_THEME = Theme(
    {
        "code": BLUE,
        "quiet": GREY,
        "title": "bold",
        "next": "bold",
        "status.spinner": GREEN,
        "markdown.code": BLUE,
        "markdown.code_block": "none",
        "markdown.h1": "bold",
        "markdown.h2": "bold",
        "markdown.h3": "bold",
        "markdown.h4": "bold",
        "markdown.link": "underline",
        "markdown.link_url": "underline",
        "markdown.block_quote": "none",
        "markdown.table.header": "bold",
        "markdown.table.border": GREY,
        "markdown.item.bullet": "none",
        "markdown.item.number": "none",
    },
    inherit=True,
)

_SPELLED = str.maketrans("✓✗·•▸→←—–…’‘“”█░│├└─▌●○", "+x-*>><--.''\"\"#.||`-|*o")  # noqa: RUF001 - the marks
"""For old encodings: one character for one, so that no line grows."""


def _spell(error: UnicodeError) -> tuple[str, int]:
    """Stand in, character by character, for what an encoding does not have."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end].translate(_SPELLED)
    return missing.encode("ascii", "replace").decode("ascii"), error.end


codecs.register_error("tutor-spell", _spell)


def screen(*, errors: bool = False) -> Console:
    """Return the console of stdout, or of stderr with `errors`."""
    stream = sys.stderr if errors else sys.stdout
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="tutor-spell")
    return make_screen(stream, width())


def make_screen(stream: IO[str], columns: int, *, terminal: bool | None = None) -> Console:
    """Return a console with the tutor's colours; `terminal` says what Rich would else find out."""
    return Console(
        file=stream,
        width=columns,
        force_terminal=terminal,
        theme=_THEME,
        highlight=False,
        markup=False,
        emoji=False,
    )


def width() -> int:
    """Return how many columns to use: the terminal's or COLUMNS, else 80; at most 100."""
    return max(_LEAST, min(_READABLE, shutil.get_terminal_size((80, 24)).columns))


def is_plain(console: Console) -> bool:
    """Return whether nothing but characters reaches the reader."""
    return console.color_system is None


def marks_code(console: Console) -> bool:
    """Return whether backquotes must tell code from text: no colour does."""
    return console.color_system is None or console.no_color


def inline(console: Console, sentence: str, style: str = "") -> Text:
    """Return a sentence with its `code` in the style of code."""
    parts = sentence.split("`")
    if marks_code(console) or len(parts) % 2 == 0:
        return Text(sentence, style)
    text = Text(style=style)
    for number, part in enumerate(parts):
        text.append(part, "code" if number % 2 else None)
    return text


def draw_hanging(console: Console, label: Text, body: Text, more: int = 0) -> None:
    """Draw a body of text beside its label.

    Its further lines stand below its first, `more` columns to the right.
    """
    indent = cell_len(label.plain) + more
    if indent > console.width // 2:
        label.rstrip()
        console.print(label, overflow="fold")
        label = Text(_INDENT)
        indent = len(_INDENT)
    for number, line in enumerate(body.wrap(console, console.width - indent) or [Text()]):
        whole = Text.assemble(label if number == 0 else " " * indent, line)
        whole.rstrip()
        console.print(whole, overflow="fold")


def draw_marked(
    console: Console, mark: str, sentence: str, style: str = "", indent: int = 0
) -> None:
    """Draw a sentence behind its mark."""
    label = Text.assemble(" " * indent, (mark, MARK_STYLES.get(mark, "")), " ")
    draw_hanging(console, label, inline(console, sentence, style))


def draw_sentences(console: Console, sentences: Iterable[str], style: str = "") -> None:
    """Draw sentences, each on lines of its own."""
    for sentence in sentences:
        for line in sentence.splitlines() or [""]:
            draw_hanging(console, Text(), inline(console, line, style))


def draw_pairs(console: Console, pairs: Iterable[tuple[str, str]], indent: int = 0) -> None:
    """Draw names and what they stand for, the latter below each other."""
    known = list(pairs)
    if not known:
        return
    widest = min(max(cell_len(name) for name, _ in known), console.width // 3)
    for name, meaning in known:
        label = Text.assemble(" " * indent, (name.ljust(widest), "quiet"), "  ")
        for number, line in enumerate(meaning.splitlines() or [""]):
            head = label if number == 0 else Text(" " * cell_len(label.plain))
            draw_hanging(console, head, inline(console, line))


def draw_error(console: Console, message: str, next_move: str) -> None:
    """Draw why a command could not do its work, and what to do about it."""
    draw_marked(console, BAD, message)
    if next_move:
        draw_hanging(console, Text(_INDENT), inline(console, next_move))


def draw_notices(sentences: Iterable[str]) -> None:
    """Say on stderr what the tutor did by the way, so that stdout holds the answer only."""
    told = list(sentences)
    if told:
        console = screen(errors=True)
        for sentence in told:
            draw_marked(console, HERE, sentence)
        console.print()


def draw_commands(sentence: str, commands: Sequence[str]) -> None:
    """Say on stderr which commands to type; each is a line of its own, however long."""
    if commands:
        console = screen(errors=True)
        console.print()
        draw_marked(console, HERE, sentence)
        for command in commands:
            console.print(Text(f"{_INDENT * 2}{command}", "code"), soft_wrap=True)


def draw_rule(console: Console) -> None:
    """Draw a line across the screen; an empty one where only characters are read."""
    console.print(Text("" if is_plain(console) else "─" * console.width, "quiet"))


def bar(done: int, total: int, cells: int = _BAR) -> Text:
    """Return the bar of a course: `done` of `total` steps, with the figures."""
    full = round(cells * done / total) if total else 0
    return Text.assemble(("█" * full, GREEN), ("░" * (cells - full), "quiet"), f" {done}/{total}")


def trimmed(console: Console, renderable: RenderableType) -> list[Text]:
    """Return a renderable's lines without the blanks and empty lines that Rich pads them with."""
    lines: list[Text] = []
    for segments in console.render_lines(renderable, pad=False):
        line = Text()
        for segment in segments:
            line.append(segment.text, segment.style)
        line.rstrip()
        if line or (lines and lines[-1]):
            lines.append(line)
    return lines[:-1] if lines and not lines[-1] else lines
