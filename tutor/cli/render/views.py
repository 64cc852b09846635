"""The screens that only look: the list of steps, the status, the schema, the doctor."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from rich.text import Text

from tutor.cli.render.screen import (
    BAD,
    GOOD,
    HERE,
    MARK_STYLES,
    OPEN,
    UNSEEN,
    WARN,
    bar,
    draw_hanging,
    draw_marked,
    draw_pairs,
    draw_sentences,
    inline,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from tutor.session.look.diagnostic import Diagnostic
    from tutor.session.look.schema_view import SchemaRow, SchemaView, TableView
    from tutor.session.look.views import StepLine, Where

_STATE_MARKS = {
    "as wanted": GOOD,
    "missing": BAD,
    "differs": BAD,
    "to drop": BAD,
    "untried": OPEN,
    "": UNSEEN,
}
_STATES = {"ok": GOOD, "warning": WARN, "error": BAD}


def draw_steps(console: Console, steps: Sequence[StepLine]) -> None:
    """Draw every step under its part."""
    done = sum(step.done for step in steps)
    console.print(bar(done, len(steps)))
    for (number, title), part in groupby(steps, lambda step: (step.part_number, step.part_title)):
        console.print()
        draw_hanging(console, Text(), Text(f"Part {number} · {title}", "title"))
        for step in part:
            mark = HERE if step.current else GOOD if step.done else UNSEEN
            words = " (done, you are here)" if step.done else " (you are here)"
            said = words if step.current else ""
            draw_marked(console, mark, f"{step.step} {step.title}{said}", indent=1)
    console.print()
    legend = f"{GOOD} done   {HERE} you are here   {UNSEEN} to come"
    draw_hanging(console, Text(), Text(legend, "quiet"))


def draw_status(console: Console, where: Where) -> None:
    """Draw where the learner is."""
    passed = f" ({GOOD} passed)" if where.passed else ""
    draw_pairs(
        console,
        [
            ("step", f"{where.step} {where.title}{passed}"),
            ("progress", bar(where.done, where.total).plain),
            ("workspace", str(where.workspace)),
            ("server", f"{where.server}, {'running' if where.running else 'stopped'}"),
            ("database", f"{where.database} at {_versions(where.database_versions)}"),
            ("head", ", ".join(where.heads) or "no revision files"),
            ("backups", _backups(where.backups)),
            ("next", where.next_move),
        ],
    )


def _versions(versions: tuple[str, ...] | None) -> str:
    if versions is None:
        return "an unknown revision"
    return f"revision {', '.join(versions)}" if versions else "base (no revision)"


def _backups(count: int) -> str:
    return f"{count} (`tutor undo --list` shows them)" if count else "none"


def draw_schema(console: Console, view: SchemaView) -> None:
    """Draw the live schema, each line beside what the step wants."""
    draw_sentences(console, [f"The live database is at {_versions(view.versions)}."])
    for table in view.tables:
        console.print()
        _draw_table(console, table)
    if not view.tables:
        draw_sentences(console, ["It has no tables."])
        return
    console.print()
    not_yet = "not yet: a later step brings it" if view.later else "not yet"
    legend = f"{GOOD} as step {view.step_id} wants it   {BAD} {not_yet}   {UNSEEN} not asked for"
    if any(line.state == "untried" for table in view.tables for line in table.lines):
        legend += f"   {OPEN} tried by `tutor check`"
    draw_hanging(console, Text(), Text(legend, "quiet"))


def _draw_table(console: Console, table: TableView) -> None:
    rows = f"{table.rows} row{'' if table.rows == 1 else 's'}" if table.exists else "not there yet"
    draw_hanging(console, Text(f"{table.name}  ", "title"), Text(rows))
    widest = max((len(line.name) for line in table.lines), default=0)
    widest = min(widest, console.width // 3)
    for kind, lines in groupby(table.lines, lambda line: line.kind):
        if kind != "column":
            console.print(Text(f"  {kind}", "quiet"))
        for line in lines:
            mark = _STATE_MARKS[line.state]
            name = (line.name or "missing").ljust(widest)
            label = Text.assemble("  ", (mark, MARK_STYLES.get(mark, "quiet")), f" {name}  ")
            draw_hanging(console, label, Text(_beside(line)))


def _beside(line: SchemaRow) -> str:
    """Return what is said beside a line's name."""
    if not line.live:
        named_column = line.name and line.state == "missing"
        return f"missing; wanted: {line.wanted}" if named_column else line.wanted
    if line.state in {"", "as wanted"}:
        return line.live
    wanted = f"; wanted: {line.wanted}" if line.wanted else ""
    return f"{line.live} ({line.state}){wanted}"


def draw_diagnostics(console: Console, diagnostics: Sequence[Diagnostic]) -> None:
    """Draw what the doctor looked at, with the fix where something is not in order."""
    for found in diagnostics:
        words = "" if found.state == "ok" else f" ({found.state})"
        draw_marked(console, _STATES[found.state], f"{found.what}{words}: {found.detail}")
        if found.fix:
            draw_hanging(console, Text("  "), inline(console, found.fix))
    states = [found.state for found in diagnostics]
    counts = [(states.count("error"), "to fix"), (states.count("warning"), "to look at")]
    console.print()
    told = [f"{count} {words}" for count, words in counts if count]
    draw_sentences(console, [f"{', '.join(told)}." if told else "Everything is in order."])
