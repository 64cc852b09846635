"""There is a new revision with something in it; where there is none, what keeps it away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.course.step import Level
from tutor.judge.compare.unknown_version import unknown_version
from tutor.judge.verdict import Finding, Layer, Status
from tutor.workspace.code.error import LearnerCodeError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.judge.evidence.evidence import Evidence

PLACE = (Layer.REVISIONS, 15)


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield the new revisions, or what has to be done before there can be one."""
    if evidence.step.level < Level.DRAFT or not evidence.history.usable:
        return
    if not evidence.new:
        if evidence.replay is not None and not evidence.replay.start.reached:
            yield from _lacking(evidence)
        return
    names = ", ".join(evidence.history.name_of(revision.id) for revision in evidence.new)
    yield Finding("revision.exists", Status.MET, Layer.REVISIONS, f"new: {names}", actual=names)
    if evidence.step.level >= Level.REHEARSAL:
        yield from _imports(evidence)
    reached = evidence.replay is not None and evidence.replay.start.reached
    if evidence.history.empty(evidence.new) and not reached:
        yield from _model(evidence)
        yield Finding(
            "revision.content",
            Status.UNMET,
            Layer.REVISIONS,
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
            yield Finding(
                "revision.imports_models",
                Status.WARNING,
                Layer.REVISIONS,
                f"{file.name} imports models.py",
                actual="models.py will move on, and this revision must run for years: on the next "
                "new database it would ask for columns that are not there yet",
                next="Describe in the revision what it needs, with sa.table() and sa.column(), or "
                "write SQL.",
            )


def _lacking(evidence: Evidence) -> Iterator[Finding]:
    """Yield what has to be mended before `revision --autogenerate` does what the step wants."""
    unknown = unknown_version(evidence)
    model = [] if unknown else _model(evidence)
    if model:
        yield from model
        yield _nothing_new(evidence)
        return
    found = unknown or _behind(evidence) or _by_hand(evidence) or _nothing_new(evidence)
    if found.code != "version.applied" or evidence.step.level < Level.APPLIED:  # else told there
        yield found


def _model(evidence: Evidence) -> list[Finding]:
    """Return what models.py lacks, where autogenerate would miss it: it never looks for CHECKs."""
    models = evidence.models
    if isinstance(models, LearnerCodeError):
        return []
    findings = evidence.judge_goal(models, evidence.models_database, Layer.MODELS)
    lacking = [finding for finding in findings if finding.unmet]
    return [] if all(finding.code.startswith("trial.") for finding in lacking) else lacking


def _behind(evidence: Evidence) -> Finding | None:
    """Return that the database is not at the head: autogenerate compares with no other."""
    head = ", ".join(evidence.history.heads)
    versions = ", ".join(evidence.live.versions or ())
    if versions == head:
        return None
    return Finding(
        "version.applied",
        Status.UNMET,
        Layer.VERSION,
        f"the database is at {versions or 'base'}, and the newest revision is {head}",
        expected=f"the database at {head}",
        actual=versions or "base",
        next="Run `python -m alembic upgrade head` first: until then Alembic writes no new "
        "revision.",
    )


def _by_hand(evidence: Evidence) -> Finding | None:
    """Return that the database was changed without a revision."""
    live = evidence.live.catalog
    start = evidence.replay.start.catalog if evidence.replay else live
    columns = [
        f"{table.name}.{column.name}"
        for table in evidence.step.tables
        for column in table.columns
        if table.name in live.tables
        and column.name in live.tables[table.name].columns
        and (table.name not in start.tables or column.name not in start.tables[table.name].columns)
    ]
    if not columns:
        return None
    return Finding(
        "revision.exists",
        Status.UNMET,
        Layer.REVISIONS,
        f"the live database has {', '.join(columns)}, but no revision adds it",
        expected="a new revision file in migrations/versions",
        actual="columns that were added by hand",
        next="Drop the columns again (or run `tutor reset --rows`), then let a revision add "
        "them: the next database has to get them too.",
    )


def _nothing_new(evidence: Evidence) -> Finding:
    return Finding(
        "revision.exists",
        Status.UNMET,
        Layer.REVISIONS,
        "there is no new revision yet",
        expected="a new revision file in migrations/versions",
        actual=f"the head is still {', '.join(evidence.history.heads) or 'empty'}",
        next='Run `python -m alembic revision --autogenerate -m "…"` with a message of yours.',
    )
