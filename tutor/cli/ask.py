"""Where a check's answers come from: `--answer` first, then the learner at the terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.text import Text

from tutor.cli.render.screen import (
    BAD,
    GOOD,
    HERE,
    draw_hanging,
    draw_marked,
    draw_pairs,
    draw_sentences,
    inline,
)
from tutor.judge.questions.choice import chosen
from tutor.judge.questions.habits import Typed, for_psql, typed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import Console

    from tutor.course import Question
    from tutor.judge.values.answers import Answered

_HELP = (
    "Type the answer, or paste the line that shows it; capitals and quotes do not matter. "
    "Commands go into a second terminal. A right answer is kept.",
    "Enter: later   ?: a hint   q: leave the questions",
)
_PASTED_SECONDS = 0.05


class Answers:
    """Gives one answer after the other; None where there is none.

    `given` are those of the command line, in order: for all `questions` where there are as many,
    else for those that are still `open`. `console` is where to ask for the others, or None where
    nobody can be asked. `draw_hint` shows one more hint of the question with a number. `read` reads
    what is typed at a prompt, until Enter. `way_in` returns what to type first in a new terminal.
    """

    def __init__(
        self,
        given: Sequence[str],
        questions: Sequence[Question],
        unanswered: Sequence[int],
        console: Console | None,
        draw_hint: Callable[[int], None],
        read: Callable[[str], str] | None = None,
        way_in: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        self._numbers = {question.ask: number for number, question in enumerate(questions, 1)}
        everything = range(1, len(questions) + 1)
        whose = everything if len(given) > len(unanswered) else unanswered
        self._given = dict(zip(whose, given, strict=False))
        self.unused = max(0, len(given) - len(whose))
        self._unanswered = set(unanswered)
        self._console = console
        self._draw_hint = draw_hint
        self._read = read or read_pasted
        self._way_in: Callable[[], Sequence[str]] | None = way_in
        self._typed = False
        self._left = False
        self._kept = 0

    @property
    def left_over(self) -> int:
        """How many of the given answers nobody has asked for, those of answered questions aside."""
        return self.unused + len(self._unanswered & self._given.keys())

    def __call__(self, question: Question, wrong: str | None = None) -> str | None:
        """Return the answer to one question; an empty one leaves it for later.

        `wrong` says what was wrong with the answer before; asked again where it was typed.
        """
        number = self._numbers[question.ask]
        console = self._console
        if wrong is not None:
            if console is None or not self._typed:
                return None
            draw_marked(console, BAD, wrong)
            return self._ask(console, question, number)
        self._typed = number not in self._given
        if not self._typed:
            return self._given.pop(number) or None
        if console is None or self._left:
            return None
        self._draw_question(console, question, number)
        return self._ask(console, question, number)

    def hear(self, answered: Answered) -> None:
        """Say at once that a typed answer is right, and why."""
        self._kept += 1
        if self._console is not None and self._typed:
            draw_marked(self._console, GOOD, f"Right. {answered.question.why}".rstrip())
            self._console.print()

    def _draw_question(self, console: Console, question: Question, number: int) -> None:
        label = f"{number}/{len(self._numbers)} " if len(self._numbers) > 1 else ""
        draw_hanging(console, Text(label, "quiet"), inline(console, question.ask, "title"))
        choices = [(f"{key})", text) for key, text in question.choices.items()]
        draw_pairs(console, choices, 2)

    def _ask(self, console: Console, question: Question, number: int) -> str | None:
        """Ask until there is an answer, or none for now."""
        letters = ", ".join(question.choices)
        prompt = f"{letters or 'Answer'} (?: hint, Enter: later, q: leave): "
        while True:
            line = self._line(console, prompt)
            kind = Typed.LEAVE if line is None else typed(line, question)
            if kind is Typed.LATER or kind is Typed.LEAVE or line is None:
                self._left = kind is Typed.LEAVE
                console.print()
                return None
            if kind is Typed.HINT:
                self._draw_hint(number)
                console.print()
            elif kind is Typed.HELP:
                draw_sentences(console, _HELP)
            elif kind is Typed.COMMAND:
                self._draw_elsewhere(console, line)
            elif question.choices and chosen(line, question.choices) is None:
                draw_sentences(console, [f"Type one of {letters}."])
            else:
                return line

    def _draw_elsewhere(self, console: Console, line: str) -> None:
        """Say where a command is run; the first time also how to get there."""
        psql = "in `tutor psql`, " if for_psql(line) else ""
        commands = self._way_in() if self._way_in else ()
        self._way_in = None
        there = "; there type first:" if commands else "."
        told = f"That is a command, and the question waits here. Run it {psql}in a second terminal"
        draw_marked(console, HERE, told + there)
        for command in commands:
            console.print(Text(f"    {command}", "code"), soft_wrap=True)

    def _line(self, console: Console, prompt: str) -> str | None:
        """Return what was typed without its blanks; None at the end of input (Ctrl-D)."""
        try:
            return self._read(prompt).strip()
        except EOFError:
            return None
        except KeyboardInterrupt:
            if self._kept:
                console.print()
                draw_sentences(console, ["What you answered rightly is kept."])
            raise


def read_pasted(prompt: str) -> str:
    """Return a line that was typed; of a paste, all its lines, as far as they came at once."""
    try:
        import readline  # noqa: F401 - `input` uses it, and takes a paste as one
    except ImportError:  # Windows
        return input(prompt)
    from select import select

    lines = [input(prompt)]
    while sys.stdin.isatty() and select([sys.stdin], [], [], _PASTED_SECONDS)[0]:
        try:
            lines.append(input())
        except EOFError:
            break
    return "\n".join(lines)
