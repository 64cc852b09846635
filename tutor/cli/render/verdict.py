"""The verdict's screen: what holds, the first link of the chain that breaks, and the next move."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from tutor.cli.render.proven import proven
from tutor.cli.render.screen import (
    BAD,
    GOOD,
    MARK_STYLES,
    OPEN,
    UNSEEN,
    WARN,
    bar,
    draw_hanging,
    draw_marked,
    draw_pairs,
    inline,
)
from tutor.judge.findings import Layer, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from tutor.judge.findings import Finding
    from tutor.judge.verdict import Verdict

LAYER_NAMES = {
    Layer.ENVIRONMENT: "workspace",
    Layer.MODELS: "models.py",
    Layer.REVISIONS: "revisions",
    Layer.VERSION: "alembic_version",
    Layer.SCHEMA: "live schema",
    Layer.ROWS: "rows",
    Layer.APP: "app",
    Layer.ANSWERS: "your answers",
    Layer.JOURNAL: "what was run",
}
_CHAIN = (Layer.MODELS, Layer.REVISIONS, Layer.VERSION, Layer.SCHEMA, Layer.ROWS, Layer.APP)
_INDENT = " "
_WRITTEN = {Layer.MODELS, Layer.REVISIONS, Layer.APP}
_UNCHANGED = "No file has changed since your last check: did you save it in your editor?"
_ACTUAL = 150
"""So many characters of what is there are shown where a finding is not the first."""
_MARKS = {Status.UNMET: BAD, Status.UNKNOWN: OPEN, Status.WARNING: GOOD, Status.MET: GOOD}


def draw_verdict(console: Console, verdict: Verdict, learnt: str, next_step: str | None) -> None:
    """Draw a verdict; `learnt` and `next_step` ("3.6 Title", or None at the end) follow a pass."""
    first = verdict.first_unmet
    name = f"{verdict.step} {verdict.title}"
    if verdict.passed:
        draw_marked(console, GOOD, f"{name}: passed", "title")
    elif first is not None:
        draw_marked(console, BAD, f"{name}: not yet", "title")
        _draw_first(console, verdict, first)
    else:
        draw_marked(console, OPEN, f"{name}: cannot be judged", "title")
    rest = [finding for finding in verdict.findings if finding.unmet and finding is not first]
    _draw_list(console, "Also not yet", BAD, rest, first)
    _draw_list(console, "Could not be judged", OPEN, _of(verdict, Status.UNKNOWN))
    passes = "Passes, but worth knowing" if verdict.passed else "Worth knowing"
    _draw_list(console, passes, WARN, _of(verdict, Status.WARNING))
    _draw_met(console, verdict)
    if verdict.passed:
        _draw_pass(console, verdict, learnt, next_step)


def _of(verdict: Verdict, status: Status) -> list[Finding]:
    return [finding for finding in verdict.findings if finding.status is status]


def _draw_first(console: Console, verdict: Verdict, finding: Finding) -> None:
    """Draw the finding that comes first in full: where, what, expected and actual, what to do."""
    console.print()
    if finding.layer in _CHAIN:
        _draw_chain(console, verdict, finding.layer)
        console.print()
    draw_marked(console, BAD, f"{LAYER_NAMES[finding.layer]}: {finding.summary}")
    told = (("expected", finding.expected), ("actual", finding.actual))
    pairs = [pair for pair in told if pair[1]]
    draw_pairs(console, pairs, indent=2)
    if finding.next:
        widest = max(len(name) for name in ("next", *dict(pairs)))
        label = Text(f"  {'next'.ljust(widest)}  ", "next")
        draw_hanging(console, label, inline(console, finding.next, "next"))
    if verdict.unchanged and finding.layer in _WRITTEN:
        draw_marked(console, WARN, _UNCHANGED)


def _draw_chain(console: Console, verdict: Verdict, broken: Layer) -> None:
    """Draw the chain from the models to the app, each link with its mark and on one line."""
    line = Text(_INDENT)
    for layer in _CHAIN:
        mark = _mark(verdict, layer)
        style = MARK_STYLES[BAD] if layer is broken else MARK_STYLES.get(mark, "quiet")
        link = Text(f"{mark} {LAYER_NAMES[layer]}", style)
        if layer is not _CHAIN[-1]:
            link.append(" →", "quiet")
        if cell_len(line.plain) + 1 + cell_len(link.plain) > console.width:
            draw_hanging(console, Text(), line)
            line = Text(_INDENT)
        line.append(" ").append(link)
    draw_hanging(console, Text(), line)


def _mark(verdict: Verdict, layer: Layer) -> str:
    """Return the mark of a layer's worst finding; a dot where nothing was looked at."""
    seen = {finding.status for finding in verdict.findings if finding.layer is layer}
    return next((mark for status, mark in _MARKS.items() if status in seen), UNSEEN)


def _draw_list(
    console: Console,
    heading: str,
    mark: str,
    findings: Sequence[Finding],
    first: Finding | None = None,
) -> None:
    """Draw findings, those with the same advice above it; nothing that the `first` one said."""
    if not findings:
        return
    console.print()
    draw_hanging(console, Text(), Text(heading, "title"))
    said = {first.actual, first.next} if first else set()
    for move in dict.fromkeys(finding.next for finding in findings):
        alike = [finding for finding in findings if finding.next == move]
        for actual in dict.fromkeys(finding.actual for finding in alike):
            for finding in alike:
                if finding.actual == actual:
                    draw_marked(console, mark, f"{LAYER_NAMES[finding.layer]}: {finding.summary}")
            if actual and actual not in said:
                shown = _clipped(actual) if mark is BAD else actual
                draw_hanging(console, Text("  "), Text(shown))
        if move and move not in said:
            draw_hanging(console, Text("  "), inline(console, move))


def _clipped(text: str) -> str:
    return text if len(text) <= _ACTUAL else f"{text[: _ACTUAL - 1]}…"


def _draw_met(console: Console, verdict: Verdict) -> None:
    """Draw what was shown to hold, in one sentence."""
    told = proven(verdict.findings)
    if told:
        console.print()
        lead = "Proven" if verdict.passed else "Right so far"
        draw_marked(console, GOOD, f"{lead}: {'; '.join(told)}.")


def _draw_pass(console: Console, verdict: Verdict, learnt: str, next_step: str | None) -> None:
    console.print()
    if learnt:
        draw_hanging(console, Text(), inline(console, learnt))
        console.print()
    console.print(bar(verdict.done, verdict.total))
    draw_hanging(console, Text(), inline(console, _following(verdict, next_step)))


def _following(verdict: Verdict, next_step: str | None) -> str:
    if next_step:
        return f"To go on, type `tutor next`: step {next_step}"
    left = verdict.total - verdict.done
    if left:
        return f"That was the last step; {left} before it are open: `tutor list` shows which."
    return "That was the last step: you are through the whole course."
