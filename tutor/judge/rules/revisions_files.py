"""The revision files load, and lead to one head."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.course import Requirement
from tutor.judge.findings import Finding, Layer, met, unmet
from tutor.judge.words.learner_code import at, where

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.judge.evidence.evidence import Evidence
    from tutor.judge.values.history import History

FOR = {Requirement.DRAFT, Requirement.REHEARSAL}
ORDER = (Layer.REVISIONS, 10)


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield what keeps the history from being replayed, or its being fine."""
    history = evidence.history
    yield from _kept(history)
    yield from _loads(history)
    if len(history.heads) > 1:
        names = ", ".join(history.heads)
        yield unmet(
            "revision.heads",
            f"your history has {len(history.heads)} heads",
            expected="one head",
            actual=names,
            next="Delete the revision you do not want, set its down_revision to the other head, or "
            'join them with `python -m alembic merge heads -m "merge"`.',
        )
    elif history.usable:
        yield met("revision.heads", f"one head: {history.heads[0]}")


def _kept(history: History) -> Iterator[Finding]:
    for revision in history.missing:
        yield unmet(
            "revision.kept",
            f"the file of revision {revision} is gone",
            expected="every revision that the database went through has its file",
            actual=f"no file in migrations/versions has revision = '{revision}'",
            next="Bring the file back from git or your editor; `tutor reset` has it too, and backs "
            "up your present files first.",
        )


def _loads(history: History) -> Iterator[Finding]:
    broken = [file for file in history.files if file.error]
    for file in broken:
        line = f", line {file.line}" if file.line else ""
        yield unmet(
            "revision.syntax",
            f"{file.path}{line} is not valid Python",
            expected="a file that Python can read",
            actual=file.error or "",
            next=f"Look at line {file.line} of {file.name}, and at the line before it."
            if file.line
            else f"Open {file.name} in your editor: Python cannot read it as text. Delete it if it "
            f"is not yours.",
        )
    unsound = [*_no_id(history), *_same_id(history), *_unknown_down(history)]
    yield from unsound
    if history.error is not None and not broken and not history.missing and not unsound:
        error = history.error
        yield unmet(
            "revision.loads",
            f"Alembic cannot load your revisions{at(where(error))}",
            expected="`python -m alembic history` works",
            actual=error.message,
            next="Run `python -m alembic history` to see it for yourself.",
        )


def _no_id(history: History) -> Iterator[Finding]:
    """Yield the files that assign no `revision`, where Alembic does not find one either.

    It takes every file for a revision; an id may be computed, which only running it tells.
    """
    if history.error is None:
        return
    for file in history.files:
        if file.revision is None and not file.error:
            yield unmet(
                "revision.loads",
                f"{file.name} does not say which revision it is",
                expected="a line such as revision: str = '15bd0c9e7a34'",
                actual="no such line, or an empty file",
                next="Delete the file and generate it again, or bring it back from your editor; "
                "`tutor reset` begins the step anew.",
            )


def _same_id(history: History) -> Iterator[Finding]:
    """Yield the ids that two files have: Alembic takes one of the two, and says so at most."""
    files: dict[str, list[str]] = {}
    for file in history.files:
        if file.revision:
            files.setdefault(file.revision, []).append(file.name)
    for revision, names in files.items():
        if len(names) > 1:
            yield unmet(
                "revision.loads",
                f"{len(names)} files say that they are the revision {revision}",
                expected="every revision has an id of its own",
                actual=", ".join(names),
                next="Delete the copy, or give it another `revision` and let its `down_revision` "
                "lead to the revision it follows.",
            )


def _unknown_down(history: History) -> Iterator[Finding]:
    """Yield the files that follow a revision which no file has."""
    if history.missing:
        return
    known = {file.revision for file in history.files}
    for file in history.files:
        for down in file.down:
            if down not in known:
                yield unmet(
                    "revision.loads",
                    f"{file.name} follows the revision {down}, which no file has",
                    expected="down_revision names a revision in migrations/versions, or is None",
                    actual=f"down_revision = {down!r}",
                    next="Write the id of the revision that it follows into its `down_revision`.",
                )
