"""The verdict on one step: its findings, and what they add up to."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from tutor.judge.findings import Status

if TYPE_CHECKING:
    from tutor.judge.findings import Finding


@dataclass(frozen=True)
class Verdict:
    """What a check of one step came to.

    `judged` is False where something could not be judged and nothing was found unmet.
    `done` and `total` count the course's steps. `unchanged`: the files are those of the check
    before, which the step did not pass either.
    """

    step: str
    title: str
    findings: tuple[Finding, ...]
    done: int
    total: int
    unchanged: bool = False

    @property
    def judged(self) -> bool:
        """Whether every finding could be judged, or one is unmet anyway."""
        return any(finding.unmet for finding in self.findings) or not any(
            finding.status is Status.UNKNOWN for finding in self.findings
        )

    @property
    def passed(self) -> bool:
        """Whether the step is done: everything judged, nothing unmet."""
        return self.judged and not any(finding.unmet for finding in self.findings)

    @property
    def first_unmet(self) -> Finding | None:
        """The first unmet finding in layer order."""
        return next((finding for finding in self.findings if finding.unmet), None)

    def as_json(self) -> dict[str, Any]:
        """Return the object that `tutor check --json` prints (DESIGN: section 2)."""
        return {
            "step": self.step,
            "title": self.title,
            "passed": self.passed,
            "judged": self.judged,
            "findings": [asdict(finding) for finding in self.findings],
            "progress": {"done": self.done, "total": self.total},
        }
