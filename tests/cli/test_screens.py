"""Every screen, at every width, for every kind of reader."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from tutor.cli.render.screen import make_screen, width

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
    assert ESCAPES.sub("", colourless.text) == ESCAPES.sub("", coloured.text)
    numbers = {
        int(number)
        for style in re.findall(r"\x1b\[([0-9;]*)m", colourless.text)
        for number in style.split(";")
        if number
    }
    assert not {number for number in numbers if number >= 30}


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
