"""Ask the step's questions, and judge the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.judge.questions.choice import chosen
from tutor.judge.questions.facts import right_answers
from tutor.judge.questions.spelling import first_like, is_one_line, is_right
from tutor.judge.values.answers import Answered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.course import Question
    from tutor.judge.evidence.evidence import Evidence


def ask_questions(evidence: Evidence) -> Iterator[Answered]:
    """Ask in order those that are not answered yet; after a wrong answer once more.

    A right answer is handed over to be kept at once, whatever becomes of the questions after it.
    """
    case = evidence.case
    for number, question in enumerate(evidence.step.questions, start=1):
        if question.ask in case.kept:
            yield Answered(number, question, case.kept[question.ask], right=True)
            continue
        answered = Answered(number, question, "", right=False)
        given = case.ask(question, None)
        while given:
            answered = judge_answer(evidence, number, given)
            if answered.right:
                case.keep(answered)
                break
            given = case.ask(question, answered.reply)
        yield answered


def judge_answer(evidence: Evidence, number: int, given: str) -> Answered:
    """Judge an answer to the step's question of that number, from 1."""
    question = evidence.step.questions[number - 1]
    right = right_answers(question, evidence)
    if question.choices:
        letter = chosen(given, question.choices)
        reply = question.wrong.get(letter or "", _one_of(question))
        return _answered(number, question, given, reply, right=letter in right.answers)
    found = is_right(given, right, question.ask)
    return _answered(number, question, given, _reply(question, given), right=found)


def _answered(number: int, question: Question, given: str, reply: str, *, right: bool) -> Answered:
    return Answered(number, question, given.strip(), right, "" if right else reply)


def _one_of(question: Question) -> str:
    *others, last = question.choices
    return f"Answer with one of the letters {', '.join(others)} or {last}."


def _reply(question: Question, given: str) -> str:
    if not is_one_line(given):
        return "Those are several lines. Which one of them, or which word in it, is the answer?"
    return question.wrong.get(first_like(given, question.wrong) or "", "Look once more.")
