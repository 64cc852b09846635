"""What people type at a question by habit: a command, a way out, a call for help."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from tutor.judge.questions.choice import chosen
from tutor.judge.questions.spelling import is_right
from tutor.judge.values.answers import Right

if TYPE_CHECKING:
    from tutor.course import Question


class Typed(StrEnum):
    """What a line typed at a question is."""

    ANSWER = "answer"
    LATER = "later"
    LEAVE = "leave"
    HINT = "hint"
    HELP = "help"
    COMMAND = "command"
    """For a shell, or for psql."""


_HABITS = {
    Typed.LATER: {"", "later", "skip", "pass"},
    Typed.LEAVE: {"q", "quit", "exit", "quit()", "exit()", ":q", ":q!", ":wq", "bye", "logout"}
    | {"\\q", "tutor quit", "tutor exit"},
    Typed.HINT: {"?", "hint", "hints", "tutor hint", "tutor hints", "clue"},
    Typed.HELP: {"h", "help", "??", "--help", "-h", "man", "tutor help", "tutor --help", "/help"},
}
_PROMPT = re.compile(r"^(?:\([\w.-]+\) )?[^\s\"'<>]*[$%#>] (?=\S)")
_COMMAND = re.compile(
    r"(?:python[\d.]*|py|pip[\d.]*|pipx|uv|uvx|tutor|alembic-tutor|psql|git|docker|ls|ll|dir|cd|pwd"
    r"|cat|less|more|head|tail|grep|rg|find|tree|clear|cls|vi|vim|nvim|nano|emacs|code|open|source"
    r"|which|echo|export|uvicorn|pytest|bash|zsh|sudo)(?:\s|$)"
    r"|(?:alembic|find|head|\.)\s+\S"
    r"|\.{1,2}/\S+\s|\.venv[/\\]"
    r"|\\[a-z]+\+?(?:\s|$)"
    r"|(?:select|insert|update|delete|alter|create|drop|truncate|explain)\s.*;$",
    re.IGNORECASE,
)
_AMBIGUOUS = {"head", "more", "open", "code", "find", "python", "tail"}
"""Programs whose names, by themselves, may be answers."""


def typed(line: str, question: Question) -> Typed:
    """Return what a line typed at a question is. What is a right answer is nothing else."""
    said = line.strip()
    if question.choices and chosen(said, question.choices):
        return Typed.ANSWER
    if is_right(said, Right(question.answers, question.shown), question.ask):
        return Typed.ANSWER
    word = " ".join(said.casefold().split())
    for kind, words in _HABITS.items():
        if word in words or word.rstrip(".!;") in words:
            return kind
    if "\n" not in said and word not in _AMBIGUOUS and _COMMAND.match(_PROMPT.sub("", said)):
        return Typed.COMMAND
    return Typed.ANSWER


def for_psql(line: str) -> bool:
    """Whether a command is one for psql, not for a shell."""
    return bool(re.match(r"\\|\w+\s.*;$", _PROMPT.sub("", line.strip())))
