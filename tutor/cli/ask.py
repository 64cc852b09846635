"""Where a check's answers come from: `--answer` first, then the learner at the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from tutor.cli.render.screen import (
    BAD,
    draw_hanging,
    draw_marked,
    draw_pairs,
    draw_sentences,
    inline,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import Console

    from tutor.course import Question


_HINT = {"?", "hint", "tutor hint"}


class Answers:
    """Gives one answer after the other; None where there is none.

    `given` are those of the command line, in order. `console` is where to ask for the others, or
    None where nobody can be asked. `draw_hint` shows one more hint where the learner types `?`.
    `read` is the function that reads a line (`input`).
    """

    def __init__(
        self,
        given: Sequence[str],
        console: Console | None,
        draw_hint: Callable[[], None],
        read: Callable[[str], str] = input,
    ) -> None:
        self._given = list(given)
        self._console = console
        self._draw_hint = draw_hint
        self._read = read
        self._typed = False

    @property
    def left_over(self) -> int:
        """How many of the given answers nobody has asked for."""
        return len(self._given)

    def __call__(self, question: Question, wrong: str | None = None) -> str | None:
        """Return the answer to one question; an empty one skips it.

        `wrong` says what was wrong with the answer before; asked again where it was typed.
        """
        if wrong is not None:
            if self._console is None or not self._typed:
                return None
            draw_marked(self._console, BAD, wrong)
            return self._ask(self._console, question)
        self._typed = not self._given and self._console is not None
        if self._given:
            return self._given.pop(0) or None
        if self._console is None:
            return None
        draw_hanging(self._console, Text(), inline(self._console, question.ask, "title"))
        choices = [(f"{key})", text) for key, text in question.choices.items()]
        draw_pairs(self._console, choices, 2)
        return self._ask(self._console, question)

    def _ask(self, console: Console, question: Question) -> str | None:
        letters = ", ".join(question.choices)
        while answer := self._line(f"{letters or 'Answer'} (Enter skips, ? gives a hint): "):
            if answer in _HINT:
                self._draw_hint()
                console.print()
                continue
            if not question.choices:
                break
            answer = _letter(question, answer)
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


def _letter(question: Question, answer: str) -> str:
    """Return the letter of a choice that was given as `b`, `B)` or in its own words."""
    words = {text.casefold(): letter for letter, text in question.choices.items()}
    return words.get(answer.casefold().rstrip("."), answer.lower().strip("()."))
