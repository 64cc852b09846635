"""Asking a step's questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tutor.cli.ask import Answers
from tutor.course import Question
from tutor.judge.values.answers import Answered

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.cli.conftest import Samples

OPEN = Question("What did `alembic current` print?", why="It is the head.")
CHOICE = Question("Which?", choices={"a": "the first", "b": "the second"})
BOTH = (OPEN, CHOICE)


def reader(lines: Sequence[str]) -> Callable[[str], str]:
    """Return what reads these lines, and then the end of input."""
    typed = iter(lines)

    def read(_: str) -> str:
        try:
            return next(typed)
        except StopIteration:
            raise EOFError from None

    return read


def ask(samples: type[Samples], question: Question, *lines: str) -> tuple[str | None, str]:
    screen = samples.screen(60)
    answers = Answers(
        (),
        BOTH,
        (1, 2),
        screen.console,
        lambda number: screen.console.print(f"A hint at {number}."),
        reader(lines),
    )
    return answers(question), screen.text


def given(*values: str, unanswered: Sequence[int] = (1, 2)) -> Answers:
    return Answers(values, BOTH, unanswered, None, nothing)


def nothing(_: int) -> None:
    raise AssertionError("nobody asked for a hint")


def test_an_answer_is_taken_without_its_blanks(samples: type[Samples]) -> None:
    answer, shown = ask(samples, OPEN, "  955bb0742a21 ")
    assert answer == "955bb0742a21"
    assert shown.startswith("1/2 What did `alembic current` print?\n")


@pytest.mark.parametrize("typed", ["b", "B", "b)", " b. ", "(b)", "The second", "the second."])
def test_a_choice_is_taken_as_it_is_typed(samples: type[Samples], typed: str) -> None:
    answer, shown = ask(samples, CHOICE, typed)
    assert answer == typed.strip()
    assert "  a)  the first\n  b)  the second\n" in shown


def test_another_letter_is_asked_for_again(samples: type[Samples]) -> None:
    answer, shown = ask(samples, CHOICE, "x", "a")
    assert answer == "a"
    assert "Type one of a, b." in shown


@pytest.mark.parametrize("typed", ["?", "hint", "tutor hint"])
def test_a_hint_belongs_to_the_question_it_is_asked_at(samples: type[Samples], typed: str) -> None:
    for number, question in enumerate(BOTH, start=1):
        answer, shown = ask(samples, question, typed, "a")
        assert answer == "a"
        assert f"A hint at {number}.\n" in shown


def test_help_says_what_can_be_typed(samples: type[Samples]) -> None:
    answer, shown = ask(samples, OPEN, "help", "955b")
    assert answer == "955b"
    assert "Enter: later   ?: a hint   q: leave" in shown


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ("python -m alembic current", "Run it in a second terminal."),
        ("ls", "Run it in a second terminal."),
        ("SELECT * FROM products;", "Run it in `tutor psql`, in a second terminal."),
    ],
)
def test_a_command_is_no_answer(samples: type[Samples], typed: str, where: str) -> None:
    answer, shown = ask(samples, OPEN, typed, "955b")
    assert answer == "955b"
    assert where in " ".join(shown.split())


def test_the_way_into_a_second_terminal_is_told_once(samples: type[Samples]) -> None:
    screen = samples.screen(60)
    lines = reader(["ls", "pwd", "955b"])
    answers = Answers(
        (), BOTH, (1, 2), screen.console, nothing, lines, lambda: ("cd '/my work'", "source x")
    )
    assert answers(OPEN) == "955b"
    assert screen.text.count("there type first:\n    cd '/my work'\n    source x\n") == 1
    assert screen.text.count("That is a command") == 2


@pytest.mark.parametrize("typed", ["", "   ", "later"])
def test_an_empty_line_leaves_one_question_for_later(samples: type[Samples], typed: str) -> None:
    answers = Answers(
        (), BOTH, (1, 2), samples.screen(60).console, nothing, reader([typed, "the second"])
    )
    assert [answers(OPEN), answers(CHOICE)] == [None, "the second"]


@pytest.mark.parametrize("typed", [[], ["q"], ["quit"], ["exit"]])
def test_the_end_of_input_and_quit_leave_all_questions(
    samples: type[Samples], typed: list[str]
) -> None:
    screen = samples.screen(60)
    answers = Answers((), BOTH, (1, 2), screen.console, nothing, reader(typed))
    assert [answers(OPEN), answers(CHOICE)] == [None, None]
    assert "Which?" not in screen.text


def test_a_right_answer_is_told_at_once_and_kept_when_interrupted(samples: type[Samples]) -> None:
    screen = samples.screen(60)
    lines = iter(["955b"])

    def read(_: str) -> str:
        for line in lines:
            return line
        raise KeyboardInterrupt

    answers = Answers((), BOTH, (1, 2), screen.console, nothing, read)
    assert answers(OPEN) == "955b"
    answers.hear(Answered(1, OPEN, "955b", right=True))
    assert "✓ Right. It is the head.\n" in screen.text
    with pytest.raises(KeyboardInterrupt):
        answers(CHOICE)
    assert screen.lines[-1] == "What you answered rightly is kept."


def test_given_answers_come_first_and_nobody_is_asked_without_a_terminal() -> None:
    answers = given("a", "")
    assert [answers(OPEN), answers(CHOICE)] == ["a", None]
    assert answers.left_over == 0


def test_given_answers_are_for_the_open_questions_or_for_all() -> None:
    answers = given("b", unanswered=(2,))
    assert answers(CHOICE) == "b"
    answers = given("955b", "b", unanswered=(2,))
    assert answers(CHOICE) == "b"
    assert answers.left_over == 0
    assert given("955b", "b", "c").left_over == 3
    assert given("c", unanswered=()).left_over == 0


def test_a_wrong_answer_is_told_and_asked_for_again_where_it_was_typed(
    samples: type[Samples],
) -> None:
    screen = samples.screen(60)
    answers = Answers((), BOTH, (1, 2), screen.console, nothing, reader(["a", "b"]))
    assert answers(CHOICE) == "a"
    assert answers(CHOICE, "Look at the second line.") == "b"
    assert screen.text.count("Which?") == 1
    assert "✗ Look at the second line." in screen.text


def test_an_answer_from_the_command_line_is_not_asked_for_again(samples: type[Samples]) -> None:
    answers = Answers(["955b", "a"], BOTH, (1, 2), samples.screen(60).console, nothing)
    assert answers(CHOICE) == "a"
    assert answers(CHOICE, "Look at the second line.") is None
