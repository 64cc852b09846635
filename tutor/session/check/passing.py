"""What a pass leads to: the next step, and the state in which it begins."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.course import Requirement
from tutor.judge.compare.diagnosis import Fault, object_name
from tutor.judge.rules import rows_live
from tutor.postgres.rows import all_keys, versions_of
from tutor.state.files import keep_files
from tutor.state.progress import State

if TYPE_CHECKING:
    from tutor.judge.evidence.evidence import Evidence
    from tutor.session.context import Context


def move_on(context: Context, evidence: Evidence) -> None:
    """Write down that the judged step is done, and begin the one that follows.

    A step that passes again before `tutor next` goes on changes nothing where its files are the
    same: what was run meanwhile belongs to the step that follows.
    """
    passed = context.progress.judged
    done = passed.with_done(evidence.step.id)
    following = context.course.after(evidence.step.id)
    if following is None:
        context.save(done)
        return
    if context.progress.just_passed and _same_files(context):
        return
    files = keep_files(context.workspace.home, context.workspace.managed_files())
    state = replace(done.baseline, files=files)
    database = _next_database(evidence)
    if database is not None:
        state = State(database, files, versions_of(context.server, database) or ())
        context.journal.update()
        done = replace(
            done,
            event=context.journal.last(),
            rows_differ=not _is_live(evidence) and _rows_differ(evidence),
            unmanaged=_unmanaged(evidence) if _is_live(evidence) else (),
        )
    step = context.course.step(following)
    begun = step.start is None and step.fault is None
    context.save(
        replace(
            done,
            current=following,
            begun=begun,
            reset_point=state,
            baseline=state,
            just_passed=passed,
        )
    )
    context.snapshots.forget_old()


def _same_files(context: Context) -> bool:
    """Whether the learner's files are those with which the current step begins."""
    return context.files_of(context.progress.baseline) == context.workspace.managed_files()


def _next_database(evidence: Evidence) -> str | None:
    """Return the database in which the next step begins; None where it is the present baseline.

    The live database serves where it is what the judged revisions build and no row that the step
    began with is missing or changed: then the learner's own rows and objects stay with them. Else
    the replay is repeated up to the judged revision.
    """
    if not evidence.requires(Requirement.APPLIED) or evidence.replay is None:
        return None
    judged = evidence.replay.judged
    if judged.revision is None and _live_keys(evidence) == evidence.baseline_keys:
        return None
    if _is_live(evidence):
        return evidence.case.copies.clone(evidence.case.server.live, "start")
    if judged.revision is None:
        return None
    name = evidence.code.copy("passed", source=evidence.baseline.database)
    evidence.code.aim(name)
    for stage in evidence.replay.stages[1 : evidence.replay.stages.index(judged) + 1]:
        evidence.code.runner.alembic("upgrade", str(stage.revision))
    return evidence.case.copies.receive(evidence.code.scratch.server, name, "start")


def _is_live(evidence: Evidence) -> bool:
    """Whether the live database is the state that the judged revisions lead to."""
    diagnosis = evidence.diagnosis
    live = _live_keys(evidence)
    return (
        evidence.replay is not None
        and diagnosis is not None
        and diagnosis.fault is Fault.NONE
        and diagnosis.claimed is evidence.replay.judged
        and not _rows_differ(evidence)
        and all(keys <= live.get(table, set()) for table, keys in evidence.baseline_keys.items())
    )


def _unmanaged(evidence: Evidence) -> tuple[str, ...]:
    """Return the objects that no revision builds, those of earlier steps among them."""
    differences = evidence.diagnosis.unmanaged if evidence.diagnosis else ()
    return tuple({*evidence.case.unmanaged, *map(object_name, differences)})


def _rows_differ(evidence: Evidence) -> bool:
    return any(rows_live.judge(evidence))


def _live_keys(evidence: Evidence) -> dict[str, set[tuple[str, ...]]]:
    server = evidence.case.server
    with server.connect(server.live, read_only=True) as connection:
        return all_keys(connection, evidence.live.catalog)
