"""Where a check's answers come from: `--answer` first, then the learner at the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from tutor.cli.show import draw_hanging, draw_pairs, draw_sentences, inline

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import Console

    from tutor.course import Question


class Answers:
    """Gives one answer after the other; None where there is none.

    `given` are those of the command line, in order. `console` is where to ask for the others, or
    None where nobody can be asked. `read` is the function that reads a line (`input`).
    """

    def __init__(
        self,
        given: Sequence[str],
        console: Console | None,
        read: Callable[[str], str] = input,
    ) -> None:
        self._given = list(given)
        self._console = console
        self._read = read

    @property
    def left_over(self) -> int:
        """How many of the given answers nobody has asked for."""
        return len(self._given)

    def __call__(self, question: Question) -> str | None:
        """Return the answer to one question; an empty one skips it."""
        if self._given:
            return self._given.pop(0) or None
        if self._console is None:
            return None
        return self._ask(self._console, question)

    def _ask(self, console: Console, question: Question) -> str | None:
        draw_hanging(console, Text(), inline(console, question.ask, "title"))
        draw_pairs(console, [(f"{key})", text) for key, text in question.choices.items()], 2)
        letters = ", ".join(question.choices)
        while answer := self._line(f"{letters or 'Answer'} (Enter skips): "):
            if not question.choices:
                break
            answer = answer.lower().rstrip(").")
            if answer in question.choices:
                break
            draw_sentences(console, [f"Type one of {letters}."])
        console.print()
        return answer or None

    def _line(self, prompt: str) -> str:
        """Return a line without its blanks; the end of input (Ctrl-D) is an empty one."""
        try:
            return self._read(prompt).strip()
        except EOFError:
            return ""
