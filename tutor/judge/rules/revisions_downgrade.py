"""The downgrade is there, runs, and leaves nothing behind; the upgrade then works again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.course import Requirement
from tutor.judge.compare.differences import listed
from tutor.judge.findings import Finding, Layer, Status, met, unmet
from tutor.judge.words.advice import fix_and_run_again
from tutor.judge.words.learner_code import at, line_of, said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.judge.evidence.evidence import Evidence
    from tutor.judge.values.replay import Replay

FOR = {Requirement.REHEARSAL}
ORDER = (Layer.REVISIONS, 30)

_NAME_IT = "Give the constraint a name where it is created, and drop it by that name."


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield how the round trip went."""
    replay = evidence.replay
    if evidence.new and replay is not None and replay.upgrade is None:
        yield from _round_trip(evidence, replay)


def _round_trip(evidence: Evidence, replay: Replay) -> Iterator[Finding]:
    history = evidence.history
    if replay.downgrade is not None:
        error = replay.downgrade.error
        name = history.title_of(replay.downgrade.revision)
        file = history.file_of(replay.downgrade.revision)
        unnamed = file is not None and file.unnamed
        yield unmet(
            "revision.downgrade",
            f"downgrade() of {name} fails{at(line_of(error))}",
            expected="`python -m alembic downgrade -1` takes the revision back",
            actual=said(error),
            next=fix_and_run_again(evidence, _NAME_IT)
            if unnamed
            else f"Fix downgrade() in {name}.",
        )
        return
    for revision, left in replay.left_behind:
        name = history.title_of(revision)
        empty = history.graph.by_id[revision].downgrade_empty
        yield Finding(
            "revision.downgrade" if empty else "revision.round_trip",
            Status.UNMET,
            Layer.REVISIONS,
            f"downgrade() of {name} is empty"
            if empty
            else f"downgrade() of {name} does not bring the old schema back",
            expected="after a downgrade the schema is what it was before the upgrade",
            actual=listed(left, "before", "after the downgrade"),
            next="Undo in downgrade() what upgrade() does, in the opposite order.",
        )
    if replay.left_behind:
        return
    if replay.again is not None:
        yield unmet(
            "revision.round_trip",
            f"after a downgrade the upgrade fails{at(line_of(replay.again.error))}",
            expected="upgrade, downgrade and upgrade again",
            actual=said(replay.again.error),
            next="Let downgrade() also drop what is still there.",
        )
    elif replay.not_the_same_again:
        yield unmet(
            "revision.round_trip",
            "the second upgrade builds something else than the first",
            expected="the same schema each time",
            actual=listed(replay.not_the_same_again, "the first time", "the second time"),
            next="Let downgrade() undo all that upgrade() does.",
        )
    else:
        yield met(
            "revision.round_trip",
            "upgrade, downgrade and upgrade again leave no trace",
        )
