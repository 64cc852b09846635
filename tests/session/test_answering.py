"""Right answers are kept, and a step that passed is judged again until `tutor next` goes on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.session.conftest import alembic
from tutor.course import Course
from tutor.session.change.undo import becomes_of_progress
from tutor.session.check.answering import answer, open_questions
from tutor.session.check.judging import check
from tutor.session.look.lesson import hint
from tutor.session.opening import open_context

if TYPE_CHECKING:
    from pathlib import Path

    from tests.session.conftest import Tutor
    from tutor.course import Question

TOTAL = len(Course().step_ids)

pytestmark = pytest.mark.xdist_group("answering")


def test_a_right_answer_is_kept_and_not_asked_for_again(original: Path, tutor: Tutor) -> None:
    tutor(original, "reset", "--yes")
    told = tutor(original, "check", "--answer", "target_metadata", "-a", ".env")
    assert told.code == 1
    assert "question 2: .env is not right" in told.out
    told = tutor(original, "check")
    assert "the questions 2 and 3 are open" in told.out
    assert "without one, add `--answer`, once for each open question in order" in told.out
    told = tutor(original, "check", "-a", "database.py")
    assert "question 3 of 3 is open" in told.out
    # as many as there are questions: those that are answered already do not count
    told = tutor(original, "check", "-a", "target_metadata", "-a", "database.py", "-a", "<base>")
    assert (told.code, told.err) == (0, "")
    assert "✓ 1.1 A tour of the project: passed" in told.out


def test_an_answer_survives_an_interruption(original: Path, tutor: Tutor) -> None:
    tutor(original, "goto", "1.1", "--yes")

    def ask(question: Question, wrong: str | None) -> str | None:
        assert wrong is None
        if "variable" in question.ask:
            return "target_metadata"
        raise KeyboardInterrupt

    with open_context(original) as context, pytest.raises(KeyboardInterrupt):
        check(context, ask)
    with open_context(original) as context:
        assert list(open_questions(context)) == [2, 3]


def test_a_reset_and_a_goto_ask_anew(original: Path, tutor: Tutor) -> None:
    for command in (("reset", "--yes"), ("goto", "1.1", "--yes")):
        tutor(original, "check", "-a", "target_metadata")
        tutor(original, *command)
        assert "the questions 1, 2 and 3 are open" in tutor(original, "check").out


def test_questions_are_answered_without_a_check_too(original: Path, tutor: Tutor) -> None:
    tutor(original, "reset", "--yes")
    with open_context(original) as context:
        wrong = answer(context, 2, ".env")
        assert (wrong.right, wrong.reply[:10]) == (False, "The values")
        assert answer(context, 2, "from database import DATABASE_URL").right
        assert list(open_questions(context)) == [1, 3]


def test_hints_belong_to_a_question(original: Path, tutor: Tutor) -> None:
    tutor(original, "reset", "--yes")
    with open_context(original) as context:
        assert [hint(context, 2).number, hint(context, 2).number] == [1, 2]
        assert (hint(context).question, hint(context).number) == (1, 2)
        answer(context, 1, "target_metadata")
        assert hint(context).question == 2
        answer(context, 2, "database.py")
        assert (hint(context).question, hint(context).number) == (3, 2)


def test_the_solution_shows_each_question_beside_its_answer(original: Path, tutor: Tutor) -> None:
    tutor(original, "goto", "1.2", "--yes")
    told = tutor(original, "solution").out
    assert "1 Which revision is your database at? Give the id. ✓ 955bb0742a21" in told
    assert "✓ b) no revision, because none has run there" in told


def test_the_step_that_passed_is_judged_until_next(original: Path, tutor: Tutor) -> None:
    tutor(original, "goto", "1.2", "--yes")
    assert tutor(original, "check", "-a", "955bb", "-a", "b").code == 0
    assert "Run `tutor next` to go on to step 2.1." in tutor(original, "status").out
    again = tutor(original, "check")
    assert again.code == 0
    assert "1.2 Where is the database?: passed" in again.out
    alembic(original, "downgrade", "base")
    assert "✓ 1.2" in tutor(original, "check").out
    alembic(original, "upgrade", "head")
    assert "2.1" in tutor(original, "next").out
    assert "✗ 2.1" in tutor(original, "check").out


def test_before_a_step_that_changes_the_workspace_the_last_one_is_judged(
    original: Path, tutor: Tutor
) -> None:
    tutor(original, "goto", "2.2", "--yes")
    alembic(original, "downgrade", "base")
    alembic(original, "upgrade", "head")
    assert tutor(original, "check", "-a", "SERIAL", "-a", "alembic_version").code == 0
    again = tutor(original, "check")
    assert (again.code, "has not begun" in again.out) == (0, False)
    assert "rows" in tutor(original, "next").out
    assert "✗ 3.1" in tutor(original, "check").out


def test_a_check_of_unchanged_files_asks_whether_they_were_saved(
    original: Path, tutor: Tutor
) -> None:
    tutor(original, "goto", "3.1", "--yes")
    asked = "No file has changed since your last check"
    assert asked not in tutor(original, "check").out
    assert asked in tutor(original, "check").out
    models = original / "models.py"
    models.write_text(models.read_text() + "\n# changed\n")
    assert asked not in tutor(original, "check").out


def test_an_undo_takes_back_what_has_passed_since(original: Path, tutor: Tutor) -> None:
    with open_context(original) as context:
        context.save(replace(context.progress, done=()))
    tutor(original, "goto", "1.1", "--yes")
    with open_context(original) as context:
        told = becomes_of_progress(context, None)
    assert told.endswith("; what you have passed stays passed.")
    right = ("-a", "target_metadata", "-a", "database", "-a", "base")
    assert tutor(original, "check", *right).code == 0
    with open_context(original) as context:
        told = becomes_of_progress(context, None)
    assert told.endswith(", and 1.1 will count as not passed.")
    told = tutor(original, "undo", "--yes").out
    assert f"your progress is that of then, too: 0 of {TOTAL} steps passed." in told
