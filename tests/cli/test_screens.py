"""Every screen, at every width, for every kind of reader."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich._palettes import EIGHT_BIT_PALETTE
from rich.cells import cell_len

from tutor.cli.render.markdown import draw_markdown
from tutor.cli.render.screen import draw_sentences, make_screen, width

if TYPE_CHECKING:
    from tests.cli.conftest import Samples

VIEWS = (
    "lesson",
    "read again",
    "part end",
    "hint",
    "not yet",
    "passed",
    "unjudged",
    "list",
    "status",
    "schema",
    "history",
    "doctor",
    "solution",
    "backups",
    "change",
    "error",
)
AA = 4.4
"""The least contrast. WCAG asks for 4.5; the palette has no red that reaches it on both."""
ESCAPES = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b]*\x1b\\")


def test_the_list_of_views_is_whole(samples: type[Samples]) -> None:
    assert set(VIEWS) == set(samples.views())


@pytest.mark.parametrize("columns", [20, 40, 80, 120])
@pytest.mark.parametrize("view", VIEWS)
def test_in_a_pipe_no_line_is_too_wide_and_nothing_is_escaped(
    samples: type[Samples], view: str, columns: int
) -> None:
    screen = samples.screen(columns)
    samples.views()[view](screen.console)
    assert screen.text.strip()
    assert "\x1b" not in screen.text
    assert [line for line in screen.lines if cell_len(line) > columns] == []
    assert [line for line in screen.lines if line != line.rstrip()] == []


@pytest.mark.parametrize("columns", [40, 80])
@pytest.mark.parametrize("view", VIEWS)
def test_in_a_terminal_only_commands_are_left_to_it_to_wrap(
    samples: type[Samples], view: str, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    screen = samples.screen(columns, terminal=True)
    samples.views()[view](screen.console)
    lines = [ESCAPES.sub("", line) for line in screen.lines]
    wide = [line for line in lines if cell_len(line) > columns]
    assert all(line.startswith("  $ ") for line in wide)


@pytest.mark.parametrize("view", VIEWS)
def test_no_color_leaves_no_colour_and_says_the_same(
    samples: type[Samples], view: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    coloured = samples.screen(80, terminal=True)
    samples.views()[view](coloured.console)
    monkeypatch.setenv("NO_COLOR", "1")
    colourless = samples.screen(80, terminal=True)
    samples.views()[view](colourless.console)
    said = [
        "".join(ESCAPES.sub("", screen.text).replace("`", "").split())
        for screen in (colourless, coloured)
    ]
    assert said[0] == said[1]
    numbers = {
        int(number)
        for style in re.findall(r"\x1b\[([0-9;]*)m", colourless.text)
        for number in style.split(";")
        if number
    }
    assert not {number for number in numbers if number >= 30}


def test_without_colours_quotes_tell_code_from_text(
    samples: type[Samples], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("NO_COLOR", "1")
    screen = samples.screen(80, terminal=True)
    draw_sentences(screen.console, ["Run `tutor next`."])
    draw_markdown(screen.console, "Each row of `products` has one.", Path())
    assert [ESCAPES.sub("", line) for line in screen.lines] == [
        "Run `tutor next`.",
        "Each row of `products` has one.",
    ]


@pytest.mark.parametrize("view", VIEWS)
def test_every_colour_is_readable_on_white_and_on_black(
    samples: type[Samples], view: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("COLORTERM", raising=False)
    screen = samples.screen(80, terminal=True)
    samples.views()[view](screen.console)
    codes = re.findall(r"\x1b\[([0-9;]*)m", screen.text)
    fixed = {int(number) for code in codes for number in re.findall(r"38;5;(\d+)", code)}
    assert {number: contrast(number) for number in fixed if min(contrast(number)) < AA} == {}
    # What is left is bold, italic, underlined: no dimmed text, no colour of a terminal's theme.
    plain = {part for code in codes for part in re.sub(r"38;5;\d+", "", code).split(";") if part}
    assert plain <= {"0", "1", "3", "4"}


def contrast(number: int) -> tuple[float, float]:
    """Return the contrast ratios of a colour of the palette to white and to black (WCAG 2)."""
    parts = [part / 255 for part in EIGHT_BIT_PALETTE[number]]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    light = sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return 1.05 / (light + 0.05), (light + 0.05) / 0.05


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_an_old_encoding_gets_other_marks_and_no_wider_lines(
    samples: type[Samples], view: str, encoding: str
) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, errors="tutor-spell", newline="\n")
    samples.views()[view](make_screen(stream, 60))
    stream.flush()
    lines = raw.getvalue().decode(encoding).splitlines()
    assert [line for line in lines if len(line) > 60] == []


def test_marks_are_spelled_where_the_encoding_has_none() -> None:
    assert "✓ a → b … \N{SNOWMAN}".encode("ascii", "tutor-spell") == b"+ a > b . ?"


def test_the_width_is_that_of_columns_and_stays_readable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "57")
    assert width() == 57
    monkeypatch.setenv("COLUMNS", "400")
    assert width() == 100
    monkeypatch.setenv("COLUMNS", "3")
    assert width() == 20
