"""Asking a step's questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tutor.cli.ask import Answers
from tutor.course import Question

if TYPE_CHECKING:
    from tests.cli.conftest import Samples

OPEN = Question("What did `alembic current` print?")
CHOICE = Question("Which?", choices={"a": "the first", "b": "the second"})


def ask(samples: type[Samples], question: Question, *lines: str) -> tuple[str | None, str]:
    typed = iter(lines)

    def read(_: str) -> str:
        try:
            return next(typed)
        except StopIteration:
            raise EOFError from None

    screen = samples.screen(60)
    return Answers((), screen.console, lambda: screen.console.print("A hint."), read)(
        question
    ), screen.text


def nothing() -> None:
    raise AssertionError("nobody asked for a hint")


def test_an_answer_is_taken_without_its_blanks(samples: type[Samples]) -> None:
    answer, shown = ask(samples, OPEN, "  955bb0742a21 ")
    assert answer == "955bb0742a21"
    assert shown.startswith("What did `alembic current` print?\n")


@pytest.mark.parametrize("typed", ["b", "B", "b)", " b. ", "(b)", "The second", "the second."])
def test_a_choice_is_a_letter(samples: type[Samples], typed: str) -> None:
    answer, shown = ask(samples, CHOICE, typed)
    assert answer == "b"
    assert "  a)  the first\n  b)  the second\n" in shown


def test_another_letter_is_asked_for_again(samples: type[Samples]) -> None:
    answer, shown = ask(samples, CHOICE, "x", "a")
    assert answer == "a"
    assert "Type one of a, b." in shown


@pytest.mark.parametrize("typed", ["?", "hint", "tutor hint"])
def test_a_hint_can_be_had_at_the_question(samples: type[Samples], typed: str) -> None:
    for question in (OPEN, CHOICE):
        answer, shown = ask(samples, question, typed, "a")
        assert answer == "a"
        assert "A hint.\n" in shown


@pytest.mark.parametrize("lines", [[], [""], ["   "]])
def test_an_empty_line_and_the_end_of_input_skip(samples: type[Samples], lines: list[str]) -> None:
    assert ask(samples, OPEN, *lines)[0] is None
    assert ask(samples, CHOICE, *lines)[0] is None


def test_given_answers_come_first_and_nobody_is_asked_without_a_terminal() -> None:
    answers = Answers(["a", ""], None, nothing)
    assert [answers(CHOICE), answers(CHOICE), answers(CHOICE)] == ["a", None, None]
    assert answers.left_over == 0


def test_a_wrong_answer_is_told_and_asked_for_again_where_it_was_typed(
    samples: type[Samples],
) -> None:
    typed = iter(["a", "b"])
    screen = samples.screen(60)
    answers = Answers((), screen.console, nothing, lambda _: next(typed))
    assert answers(CHOICE) == "a"
    assert answers(CHOICE, "Look at the second line.") == "b"
    assert screen.text.count("Which?") == 1
    assert "✗ Look at the second line." in screen.text


def test_an_answer_from_the_command_line_is_not_asked_for_again(samples: type[Samples]) -> None:
    answers = Answers(["a"], samples.screen(60).console, nothing)
    assert answers(CHOICE) == "a"
    assert answers(CHOICE, "Look at the second line.") is None
