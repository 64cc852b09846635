"""What a lesson's screen says."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from tutor.cli.render.lesson import draw_lesson, draw_part_end

if TYPE_CHECKING:
    import pytest

    from tests.cli.conftest import Samples


def drawn(samples: type[Samples], *, current: bool = True, **changes: object) -> list[str]:
    screen = samples.screen(80)
    draw_lesson(screen.console, samples.lesson(**changes), current=current)
    return screen.lines


def test_the_header_says_where_the_learner_is(samples: type[Samples]) -> None:
    first, second, *_ = drawn(samples)
    assert first.startswith("Part 3 · Your first real migration")
    assert first.endswith(" 5/36")
    assert second.startswith("3.1 Say what you want in models.py")
    assert second.endswith("5 min · 2 questions")


def test_the_footer_names_the_commands_that_come_next(samples: type[Samples]) -> None:
    assert drawn(samples)[-1] == "`tutor check` judges it and asks you · `tutor hint` helps"
    assert drawn(samples, questions=0)[-1] == "`tutor check` judges it · `tutor hint` helps"
    assert drawn(samples, passed=True, to_come="3.4")[-1].endswith("to go on: `tutor goto 3.4`")
    assert drawn(samples, passed=True, to_come=None)[-1].startswith("You are through all 36 steps")


def test_a_step_that_is_read_again_names_no_next_command(samples: type[Samples]) -> None:
    assert not any("tutor check" in line for line in drawn(samples, current=False))


def test_a_passed_step_says_so_in_words(samples: type[Samples]) -> None:
    assert drawn(samples, passed=True)[1].endswith("✓ passed")


def test_files_are_shown_by_name_and_pages_with_their_address(samples: type[Samples]) -> None:
    text = "\n".join(drawn(samples))
    assert "Open models.py: each row of `products` needs" in text
    assert "Alembic's pages (https://alembic.sqlalchemy.org/)" in text.replace("\n", " ")


def test_a_link_that_does_not_name_its_file_has_the_path_behind(samples: type[Samples]) -> None:
    text = "Read [the first one](migrations/a%20b.py), [b.py](x/b.py) and [`c`](x/c.py)."
    assert "Read the first one (migrations/a b.py), b.py and `c`." in drawn(samples, text=text)


def test_in_a_terminal_files_are_links_into_the_workspace(
    samples: type[Samples], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    screen = samples.screen(80, terminal=True)
    lesson = samples.lesson()
    draw_lesson(screen.console, lesson)
    assert f";{(lesson.workspace / 'models.py').as_uri()}\x1b\\" in screen.text


def test_a_command_is_one_line_for_the_clipboard_in_a_terminal(
    samples: type[Samples], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "dumb")
    screen = samples.screen(40, terminal=True)
    draw_lesson(screen.console, samples.lesson())
    command = '$ python -m alembic revision --autogenerate -m "add sku, is_active, timestamps, and'
    assert any(command in line for line in screen.lines)


MOVES = """\
Read this.

```bash
python -m uvicorn main:app --reload --host 127.0.0.1
```

```now
Edit models.py, and `save` it.
$ python -m alembic revision --autogenerate -m "add sku, is_active, timestamps, and category"
$ tutor check
```
"""


def test_a_lesson_ends_with_the_moves_and_what_was_done_before_them(
    samples: type[Samples],
) -> None:
    lines = drawn(samples, text=MOVES)
    end = lines[lines.index("Read this.") :]
    assert end[4] == "▸ The rows that step 2.2 threw away are back."
    assert end[6:8] == ["Now", "  1. Edit models.py, and `save` it."]
    assert end[8].startswith('  2. $ python -m alembic revision --autogenerate -m "add sku,')
    assert "  3. $ tutor check" in end


def test_a_command_among_the_moves_is_one_line_for_the_clipboard(
    samples: type[Samples], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "dumb")
    screen = samples.screen(40, terminal=True)
    draw_lesson(screen.console, samples.lesson(text=MOVES))
    assert any(line.endswith('timestamps, and category"') for line in screen.lines)
    assert "  python -m uvicorn main:app --reload --host 127.0.0.1" in screen.lines


def test_a_part_s_end_says_what_one_can_do_now_and_what_comes_next(
    samples: type[Samples],
) -> None:
    screen = samples.screen(80)
    draw_part_end(screen.console, samples.part)
    assert screen.lines == [
        "",
        "Part 3, Your first real migration: done. You can now",
        "✓ read a draft",
        "✓ fill a new column",
        "▸ Part 4 splits a table.",
    ]


def test_code_keeps_its_shape(samples: type[Samples]) -> None:
    lines = drawn(samples)
    start = lines.index("  class Product(Base):")
    assert lines[start + 1].startswith("      sku: Mapped[str] = mapped_column(")
    assert lines[start + 2].startswith("          ")


def test_a_lesson_fits_one_screen(samples: type[Samples]) -> None:
    lines = drawn(samples)
    assert not any(first == second == "" for first, second in pairwise(lines))
