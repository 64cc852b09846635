"""Next moves that depend on whether the revision has run on the learner's database already."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.judge.evidence.evidence import Evidence


def has_run(evidence: Evidence) -> bool:
    """Whether the learner's database has been through all of the new revisions."""
    applied = evidence.history.lineage(evidence.live.versions or ())
    return bool(evidence.new) and all(revision.id in applied for revision in evidence.new)


def loses_rows(evidence: Evidence) -> bool:
    """Whether the new revisions lose values, or give wrong ones."""
    return any(finding.unmet for finding in evidence.survival)


def mend_and_run_again(evidence: Evidence, mend: str) -> str:
    """Return how to mend upgrade(), with what else it takes where it has run already.

    Editing alone would leave a database that no file describes. Going back is what Alembic is for;
    where that does not work or values are gone, the rows come back with `tutor reset --rows`.
    """
    if not has_run(evidence):
        return mend
    replayed = evidence.replay
    if not loses_rows(evidence) and replayed is not None and replayed.downgrade is None:
        before = " ".join(evidence.baseline.versions) or "base"
        target = "-1" if len(evidence.new) == 1 else before
        return (
            f"It has run already: take it back first (`python -m alembic downgrade {target}`). "
            f"{mend} Then upgrade again."
        )
    return f"{mend} It has run already: `tutor reset --rows` then runs it anew, on the old rows."
