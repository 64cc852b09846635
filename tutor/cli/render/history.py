"""The graph of revisions, newest first, with the one that the database is at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from tutor.cli.render.screen import (
    HERE,
    MARK_STYLES,
    OPEN,
    draw_hanging,
    draw_marked,
    draw_sentences,
    inline,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from tutor.session.look.history import RevisionLine

_APPLIED = "●"
_WAITING = "○"
_LANE = "│"


def draw_history(console: Console, revisions: Sequence[RevisionLine]) -> None:
    """Draw each revision in its lane: one lane for each branch that is still open there."""
    lanes: list[str] = []
    for revision in revisions:
        if not revision.file:  # no file has what alembic_version names; or a file cannot be read
            here = f" {HERE} you are here" if revision.here else ""
            draw_marked(console, OPEN, f"{revision.revision}{here}")
            draw_hanging(console, Text("  "), inline(console, revision.message))
            continue
        if revision.revision not in lanes:
            lanes.append(revision.revision)
        own = lanes.index(revision.revision)
        node = _APPLIED if revision.applied else _WAITING
        row = [node if lane == own else _LANE for lane in range(len(lanes))]
        _draw_revision(console, revision, " ".join(row))
        lanes = _below(lanes, revision)
    if not any(revision.here for revision in revisions):
        draw_sentences(console, ["▸ you are here: no revision is applied (base)"])
    draw_sentences(console, ["", f"{_APPLIED} applied   {_WAITING} not applied"], "quiet")


def _below(lanes: list[str], revision: RevisionLine) -> list[str]:
    """Return the lanes below a revision: its own leads on to what it comes from."""
    leads: list[str] = []
    for lane in lanes:
        leads.extend(revision.down if lane == revision.revision else (lane,))
    return list(dict.fromkeys(leads))


def _draw_revision(console: Console, revision: RevisionLine, graph: str) -> None:
    label = Text(f"{graph} ")
    told = Text.assemble((revision.revision, "title"))
    if revision.head:
        told.append(" (head)")
    if revision.here:
        told.append(" ▸ you are here", MARK_STYLES[HERE])
    draw_hanging(console, label, told)
    below = graph.replace(_APPLIED, _LANE).replace(_WAITING, _LANE) if revision.down else graph
    lanes = below if revision.down else below.replace(_APPLIED, " ").replace(_WAITING, " ")
    draw_hanging(console, Text(f"{lanes} "), Text(revision.message))
    draw_hanging(console, Text(f"{lanes} "), Text(revision.file.rpartition("/")[2], "quiet"))
