"""There is a new revision with something in it; where there is none, what keeps it away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.course import Requirement
from tutor.judge.compare.goal import compare_goal
from tutor.judge.findings import Finding, Layer, met, unmet, warning
from tutor.workspace.code.error import LearnerCodeError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.judge.evidence.evidence import Evidence

FOR = {Requirement.DRAFT, Requirement.REHEARSAL}
ORDER = (Layer.REVISIONS, 15)


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield the new revisions, or what has to be done before there can be one."""
    if not evidence.history.usable:
        return
    if not evidence.new:
        if evidence.replay is not None and not evidence.replay.start.reached:
            yield from _lacking(evidence)
        return
    names = ", ".join(evidence.history.name_of(revision.id) for revision in evidence.new)
    yield met("revision.exists", f"new: {names}", actual=names)
    if evidence.requires(Requirement.REHEARSAL):
        yield from _imports(evidence)
    reached = evidence.replay is not None and evidence.replay.start.reached
    if evidence.history.empty(evidence.new) and not reached:
        yield from _model(evidence)
        yield unmet(
            "revision.content",
            f"upgrade() of {names} is empty",
            expected="operations that bring the change",
            actual="`pass`",
            next="Fill it in, or delete the file and generate it again with --autogenerate (an "
            "applied one is first taken back with `python -m alembic downgrade -1`).",
        )


def _imports(evidence: Evidence) -> Iterator[Finding]:
    """Yield the new files that need models.py as it is today (Alembic's cookbook warns of it)."""
    files = [evidence.history.file_of(revision.id) for revision in evidence.new]
    for file in files:
        if file is not None and file.imports_models:
            yield warning(
                "revision.imports_models",
                f"{file.name} imports models.py",
                actual="models.py will move on, and this revision must run for years: on the next "
                "new database it would ask for columns that are not there yet",
                next="Describe in the revision what it needs, with sa.table() and sa.column(), or "
                "write SQL.",
            )


def _lacking(evidence: Evidence) -> Iterator[Finding]:
    """Yield what has to be fixed before `revision --autogenerate` does what the step wants."""
    unknown = evidence.unknown_version
    model = [] if unknown else _model(evidence)
    if model:
        yield from model
        yield _nothing_new(evidence)
        return
    found = unknown or _behind(evidence) or _by_hand(evidence) or _nothing_new(evidence)
    if found.code != "version.applied" or not evidence.requires(Requirement.APPLIED):
        yield found


def _model(evidence: Evidence) -> list[Finding]:
    """Return what models.py lacks, where autogenerate would miss it: it never looks for CHECKs."""
    models = evidence.models
    if isinstance(models, LearnerCodeError):
        return []
    findings = compare_goal(models.observation, Layer.MODELS)
    lacking = [finding for finding in findings if finding.unmet]
    return [] if all(finding.code.startswith("trial.") for finding in lacking) else lacking


def _behind(evidence: Evidence) -> Finding | None:
    """Return that the database is not at the head: autogenerate compares with no other."""
    head = ", ".join(evidence.history.heads)
    versions = ", ".join(evidence.live.versions or ())
    if versions == head:
        return None
    return unmet(
        "version.applied",
        f"the database is at {versions or 'base'}, and the newest revision is {head}",
        expected=f"the database at {head}",
        actual=versions or "base",
        next="Run `python -m alembic upgrade head` first: until then Alembic writes no new "
        "revision.",
    )


def _by_hand(evidence: Evidence) -> Finding | None:
    """Return that the database was changed without a revision."""
    if evidence.replay is None:
        return None
    live, start = evidence.live.catalog, evidence.replay.start.catalog
    columns = [
        f"{table.name}.{column.name}"
        for table in evidence.replay.start.observation.goals
        for column in table.columns
        if table.name in live.tables
        and column.name in live.tables[table.name].columns
        and (table.name not in start.tables or column.name not in start.tables[table.name].columns)
    ]
    if not columns:
        return None
    return unmet(
        "revision.exists",
        f"the live database has {', '.join(columns)}, but no revision adds it",
        expected="a new revision file in migrations/versions",
        actual="columns that were added by hand",
        next="Drop the columns again (or run `tutor reset --rows`), then let a revision add "
        "them: the next database has to get them too.",
    )


def _nothing_new(evidence: Evidence) -> Finding:
    return unmet(
        "revision.exists",
        "there is no new revision yet",
        expected="a new revision file in migrations/versions",
        actual=f"the head is still {', '.join(evidence.history.heads) or 'empty'}",
        next='Run `python -m alembic revision --autogenerate -m "…"` with a message of yours.',
    )
