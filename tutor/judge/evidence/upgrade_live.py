"""Whether waiting revisions also run on the rows that the learner has made or changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.workspace.code.error import LearnerCodeError

if TYPE_CHECKING:
    from tutor.judge.evidence.evidence import Evidence


def fails_on_own_rows(evidence: Evidence) -> LearnerCodeError | None:
    """Return why `upgrade head` will fail on the live rows, where it did not on the start's.

    The replay begins with the step's own rows. What was inserted since is in the live database
    only: the server's log tells whether there is any, and then a copy of it is upgraded.
    """
    if not any(event.kind == "rows" for event in evidence.events):
        return None
    evidence.aim(evidence.copy("own", source=evidence.case.server.live))
    try:
        evidence.runner.alembic("upgrade", "heads")
    except LearnerCodeError as error:
        return error
    return None
