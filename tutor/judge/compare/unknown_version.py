"""A revision in alembic_version that no file has: every rule that needs Alembic asks first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.judge.verdict import Finding, Layer, Status
from tutor.postgres.catalog.catalog import read_catalog

if TYPE_CHECKING:
    from tutor.judge.evidence.evidence import Evidence


def unknown_version(evidence: Evidence) -> Finding | None:
    """Return the finding where alembic_version names a revision that no file has.

    Alembic then refuses every command ("Can't locate revision"), `revision --autogenerate` too. The
    usual reason is a file that was deleted after it had been applied.
    """
    known = {revision.id for revision in evidence.history.revisions}
    lost = ", ".join(sorted(set(evidence.live.versions or ()) - known))
    if not lost:
        return None
    start = evidence.baseline
    with evidence.case.server.connect(start.database, read_only=True) as connection:
        unchanged = not read_catalog(connection).difference(evidence.live.catalog)
    right = ", ".join(start.versions if unchanged else evidence.history.heads) or "base"
    return Finding(
        "version.known",
        Status.UNMET,
        Layer.VERSION,
        f"the database says it is at {lost}, and no revision file has that id",
        expected=f"one of the revisions in migrations/versions, such as {right}",
        actual=", ".join(evidence.live.versions or ()),
        next=f"The schema is that of {right}: record that, with `python -m alembic stamp --purge "
        f"{right}`."
        if unchanged
        else f"Bring that revision's file back; or, where the schema is that of another one, "
        f"record that one (`python -m alembic stamp --purge {right}`); or begin the step anew with "
        f"`tutor reset`.",
    )
