"""What a change did, and the reference solution beside the learner's files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from tutor.cli.render.screen import (
    BLUE,
    GOOD,
    GREEN,
    RED,
    draw_hanging,
    draw_marked,
    draw_sentences,
    inline,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from tutor.session.change.solution import Answer, Solution
    from tutor.session.change.swap import Change
    from tutor.session.change.undo import BackupLine

_DIFF_STYLES = {"+": GREEN, "-": RED, "@": BLUE}


def draw_change(console: Console, change: Change) -> None:
    """Draw what was done, most important first."""
    first, *others = change.said or ("Done.",)
    draw_marked(console, GOOD, first)
    for sentence in others:
        draw_marked(console, " ", sentence)


def draw_backups(console: Console, backups: Sequence[BackupLine]) -> None:
    """Draw the backups, newest first: number, when, before what, the learner's revisions."""
    if not backups:
        draw_sentences(console, ["There are no backups: nothing has replaced your work yet."])
        return
    for backup in backups:
        number = Text(f"{backup.number:>3}  ", "title")
        taken = f"{backup.taken:%d %b %H:%M}"
        told = f"{taken}, step {backup.step}, before {backup.before}"
        draw_hanging(console, number, inline(console, told))
        for revision in backup.revisions:
            draw_hanging(console, Text("     your revision "), Text(revision))
    console.print()
    draw_sentences(
        console, [f"`tutor undo {backups[0].number}` brings that one back, for example."]
    )


def draw_solution(console: Console, solution: Solution) -> None:
    """Draw the reference: diffs of files, commands to run, answers to give."""
    if not (solution.diffs or solution.commands or solution.answers):
        draw_sentences(console, ["Your files are the reference's; there is nothing left to do."])
        return
    if solution.diffs:
        draw_sentences(console, ["How your files become the reference's:", ""])
    for file in solution.diffs:
        draw_hanging(console, Text(), Text(file.path, "title"))
        for line in file.diff.splitlines():
            if not line.startswith(("--- ", "+++ ")):
                _draw_diff_line(console, line)
        console.print()
    _draw_list(console, "Run", solution.commands)
    _draw_answers(console, solution.answers)
    draw_sentences(
        console, ["`tutor solution --apply` does all of it; `tutor undo` takes it back."]
    )


def _draw_diff_line(console: Console, line: str) -> None:
    sign, text = line[:1], line[1:]
    style = _DIFF_STYLES.get(sign, "")
    if sign == "@":
        console.print(Text(line, style), overflow="fold")
        return
    lead = len(text) - len(text.lstrip())
    lead = min(lead, console.width // 2)
    draw_hanging(console, Text(f"{sign}{' ' * lead}", style), Text(text[lead:], style))


def _draw_answers(console: Console, answers: Sequence[Answer]) -> None:
    """Draw each question with its answer below it."""
    if not answers:
        return
    draw_hanging(console, Text(), Text("Answers", "title"))
    for number, answer in enumerate(answers, start=1):
        draw_hanging(console, Text(f"{number:>3}  "), inline(console, answer.question))
        draw_marked(console, GOOD, answer.right, indent=5)
    console.print()


def _draw_list(console: Console, heading: str, lines: tuple[str, ...]) -> None:
    if not lines:
        return
    draw_hanging(console, Text(), Text(heading, "title"))
    for line in lines:
        draw_hanging(console, Text("  "), Text(line))
    console.print()
