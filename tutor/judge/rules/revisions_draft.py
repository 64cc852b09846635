"""A draft is accepted as Alembic wrote it; what it would do is for the learner to find out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.course import Requirement
from tutor.judge.findings import Finding, Layer, warning
from tutor.judge.words.advice import has_run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.judge.evidence.evidence import Evidence

FOR = {Requirement.DRAFT}
ORDER = (Layer.REVISIONS, 25)


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield that the draft must not be applied yet, in one line and without saying why.

    A later step rehearses it: what fails and what is lost is that step's to show.
    """
    if evidence.new and not has_run(evidence):
        yield warning("revision.draft", "this revision is a draft: do not apply it yet", next="")
