"""A revision in alembic_version that no file has: every rule that needs Alembic asks first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.judge.findings import Finding, unmet

if TYPE_CHECKING:
    from tutor.judge.values.database import Baseline, Live
    from tutor.judge.values.history import History


def unknown_version(
    history: History, live: Live, baseline: Baseline, *, unchanged: bool
) -> Finding | None:
    """Return the finding where alembic_version names a revision that no file has.

    Alembic then refuses every command ("Can't locate revision"), `revision --autogenerate` too. The
    usual reason is a file that was deleted after it had been applied. `unchanged`: whether the live
    schema is the baseline's.
    """
    lost = ", ".join(sorted(set(live.versions or ()) - history.graph.by_id.keys()))
    if not lost:
        return None
    right = baseline.at if unchanged else ", ".join(history.heads) or "base"
    return unmet(
        "version.known",
        f"the database says it is at {lost}, and no revision file has that id",
        expected=f"one of the revisions in migrations/versions, such as {right}",
        actual=", ".join(live.versions or ()),
        next=f"The schema is that of {right}: record that, with `python -m alembic stamp --purge "
        f"{right}`."
        if unchanged
        else f"Bring that revision's file back; or, where the schema is that of another one, "
        f"record that one (`python -m alembic stamp --purge {right}`); or begin the step anew with "
        f"`tutor reset`.",
    )
