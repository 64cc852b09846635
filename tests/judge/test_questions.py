"""Every question of the course, with what people type or paste at it (spellings.toml)."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from tests.course.learner import COURSE
from tests.judge.given import catalog, evidence, history, revision, table, with_index
from tutor.judge.questions.ask import judge_answer
from tutor.judge.questions.habits import Typed, for_psql, typed
from tutor.postgres.catalog.catalog import Index, Table

if TYPE_CHECKING:
    from tutor.course import Question
    from tutor.judge.evidence.evidence import Evidence

SPELLINGS: dict[str, dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("spellings.toml").read_text(encoding="utf-8")
)
LEAST = 10
"""Spellings of each kind that a question is tried with."""

IDS = (
    *("955bb0742a21", "15bd0c9e7a34", "2c3d00000001", "2c3d00000002", "2c3d00000003"),
    *("2c3d00000004", "e61f28a9b5c4", "48ac9e0d7f13"),
)
TEMPLATE = Path(__file__).parents[2] / "workspace_template"
FILES = {
    ("1.1", 1): "migrations/env.py",
    ("1.1", 2): "migrations/env.py",
    ("2.1", 1): "migrations/versions/*.py",
    ("2.1", 2): "migrations/versions/*.py",
    ("2.1", 3): "migrations/versions/*.py",
}
"""The file that a question is about."""

QUESTIONS = {
    (step.id, number): question
    for step in COURSE.steps()
    for number, question in enumerate(step.questions, start=1)
}
CHOICES = [question for question in QUESTIONS.values() if question.choices]


def at(step_id: str) -> Evidence:
    """Return what the facts of the course's questions are looked up in."""
    products = with_index(table(sku="character varying not null"), "ix_products_id", "id")
    unique = Index(("sku",), unique=True, where=None, method="btree", definition="")
    indexes = {**products.indexes, "uq_products_sku": unique}
    schema = catalog(products=Table(products.columns, products.constraints, indexes))
    chain = [revision(name, *IDS[:place][-1:]) for place, name in enumerate(IDS)]
    values = {
        "live": SimpleNamespace(versions=IDS[:1], catalog=schema),
        "history": history(*chain),
        "count_rows": lambda _: 6,
        "step": COURSE.step(step_id),
    }
    return evidence(values=values)


def spelt(kind: str) -> list[Any]:
    return [
        pytest.param(step, int(number), text, id=f"{step}.{number}-{text[:40]!r}")
        for step, numbers in SPELLINGS.items()
        for number, texts in numbers.items()
        for text in texts[kind]
    ]


def test_every_question_is_tried_with_enough_spellings() -> None:
    tried = {
        (step, int(number)): texts
        for step, numbers in SPELLINGS.items()
        for number, texts in numbers.items()
    }
    assert set(tried) == set(QUESTIONS)
    for place, texts in tried.items():
        assert min(len(set(texts["right"])), len(set(texts["wrong"]))) >= LEAST, place


@pytest.mark.parametrize(("step", "number", "text"), spelt("right"))
def test_right_however_it_is_written(step: str, number: int, text: str) -> None:
    assert judge_answer(at(step), number, text).right
    assert typed(text, QUESTIONS[step, number]) is Typed.ANSWER


@pytest.mark.parametrize(("step", "number", "text"), spelt("wrong"))
def test_wrong_whatever_it_contains(step: str, number: int, text: str) -> None:
    answered = judge_answer(at(step), number, text)
    assert not answered.right
    assert answered.reply


@pytest.mark.parametrize(("step", "number"), FILES)
def test_the_whole_file_is_no_answer(step: str, number: int) -> None:
    (file,) = TEMPLATE.glob(FILES[step, number])
    text = file.read_text(encoding="utf-8")
    for pasted in (text, " ".join(text.split())):
        assert not judge_answer(at(step), number, pasted).right
    right = {line for line in text.splitlines() if judge_answer(at(step), number, line).right}
    assert 1 <= len({line.strip() for line in right}) <= 2


def test_an_expected_wrong_answer_is_wrong_and_gets_its_reply() -> None:
    for (step, number), question in QUESTIONS.items():
        for pattern, reply in question.wrong.items():
            answered = judge_answer(at(step), number, pattern.replace("…", " x "))
            assert (answered.right, answered.reply) == (False, reply), (step, number, pattern)


def test_the_right_choice_does_not_give_itself_away() -> None:
    def rank(question: Question) -> int:
        longest_first = sorted(question.choices.values(), key=len, reverse=True)
        return longest_first.index(question.choices[question.answers[0]])

    ranks = Counter(map(rank, CHOICES))
    letters = Counter(question.answers[0] for question in CHOICES)
    assert len(ranks) == len(letters) == 3
    assert max(*ranks.values(), *letters.values()) <= len(CHOICES) / 2


OPEN, CHOICE = QUESTIONS["1.1", 3], QUESTIONS["1.2", 2]
HABITS = {
    Typed.LATER: ["", "  ", "later", "skip", "Skip"],
    Typed.LEAVE: ["q", "quit", "exit", "Q", "exit()", ":q", "QUIT", "quit;", "\\q"],
    Typed.HINT: ["?", "hint", "tutor hint", "Hint", "hint?"[:4]],
    Typed.HELP: ["help", "h", "--help", "tutor --help", "HELP"],
    Typed.COMMAND: [
        *("python -m alembic current", "python3 -m alembic history", "alembic current", "ls"),
        *("$ python -m alembic history", "cat migrations/env.py", "tutor psql", "tutor next"),
        *("ls -l", "cd fastapi-learn", "source .venv/bin/activate", "SELECT 1;", "\\d products"),
        *("pwd", "git status", "clear", "vim models.py", "(.venv) ada@box:~$ tutor check"),
        *("head -5 models.py", "grep -n Base migrations/env.py", ". .venv/bin/activate"),
    ],
    Typed.ANSWER: ["head", "955bb0742a21 (head)", "(head)", "models.py", "alembic", "create", "1"],
}


@pytest.mark.parametrize(("kind", "line"), [(kind, x) for kind in HABITS for x in HABITS[kind]])
def test_a_habit_is_understood_and_no_answer_taken_for_one(kind: Typed, line: str) -> None:
    assert typed(line, OPEN) is kind
    assert typed(line, CHOICE) is kind


def test_sql_goes_to_psql() -> None:
    assert for_psql("SELECT 1;")
    assert for_psql("\\d products")
    assert not for_psql("ls -l")


@pytest.mark.parametrize("place", QUESTIONS)
def test_no_answer_is_taken_for_a_command(place: tuple[str, int]) -> None:
    question = QUESTIONS[place]
    step, number = place
    assert all(
        typed(answer, question) is Typed.ANSWER
        for answer in (*COURSE.step(step).solution.answers[number - 1 : number], *question.wrong)
    )
