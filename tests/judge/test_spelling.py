"""What counts as the right answer, in the learner's own words."""

from __future__ import annotations

import pytest

from tutor.course import Question
from tutor.judge.questions.spelling import is_right

OPEN = Question("?")
CHOICE = Question("?", choices={"a": "The file.", "b": "The database"})


@pytest.mark.parametrize(
    ("given", "right"),
    [
        ("955bb0742a21", "955bb0742a21"),
        ("955bb0742a21 (head)", "955bb0742a21"),
        ("955bb0", "955bb0742a21"),
        ("6 rows", "6"),
        ("six", "6"),
        ('"ix_products_id"', "ix_products_id"),
        ("the index ix_products_id", "ix_products_id"),
        ("`products`.", "products"),
        ("None", "none"),
    ],
)
def test_right_in_other_words(given: str, right: str) -> None:
    assert is_right(OPEN, given, (right,))


@pytest.mark.parametrize(
    ("given", "right"),
    [
        ("6 of 7", "6"),
        ("60", "6"),
        ("aaaa", "955bb0742a21"),
        ("", "6"),
        ("products_id", "products"),
    ],
)
def test_wrong_all_the_same(given: str, right: str) -> None:
    assert not is_right(OPEN, given, (right,))


@pytest.mark.parametrize("given", ["a", "the file", "The file."])
def test_a_choice_by_its_letter_or_in_its_words(given: str) -> None:
    assert is_right(CHOICE, given, ("a",))
    assert not is_right(CHOICE, given, ("b",))
