"""The learner's app is served on a copy of the database, and takes the request."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tutor.course import Requirement
from tutor.judge.findings import Finding, Layer, met, unmet, warning
from tutor.judge.words.app_failure import reported
from tutor.judge.words.learner_code import at, fix, foreign_or, said, where

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tutor.course import AppGoal
    from tutor.judge.evidence.evidence import Evidence
    from tutor.judge.values.app import AppRun, Exchange
    from tutor.workspace.code.error import LearnerCodeError

FOR = {Requirement.APP}
ORDER = (Layer.APP, 10)

_OK, _NOT_OK, _UNPROCESSABLE, _FAILURE = 200, 300, 422, 500
_CENT = 0.01


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield whether the app starts, takes the step's request, stores the row, refuses bad ones."""
    yield from _create_all(evidence.files)
    run, goal = evidence.app, evidence.step.app
    if run.not_started is not None:
        yield _not_started(run.not_started)
        return
    yield met("app.starts", "your app starts")
    if goal is None:
        return
    if run.post is not None:
        yield from _post(run.post, run, goal)
        yield from map(_unread, (get for get in run.reads if get.response.status >= _FAILURE))
        yield from map(_refused, run.refused)
        yield from (_not_survived(odd) for odd in run.delicate if odd.response.status >= _FAILURE)
        yield from (_elsewhere(get) for get in run.elsewhere if get.response.status >= _FAILURE)
    elif run.failed is None:
        yield unmet(
            "app.endpoint",
            f"your app has no POST {goal.path}",
            expected=f"POST {goal.path}",
            actual=", ".join(run.operations) or "no endpoints",
            next="Write the endpoint in main.py.",
        )
    if run.failed is not None:
        yield _failed(run.failed)


def _create_all(files: Mapping[str, bytes]) -> Iterator[Finding]:
    if any(b"create_all" in content for name, content in files.items() if name.endswith(".py")):
        yield warning(
            "app.create_all",
            "your code calls create_all",
            expected="Alembic alone changes the schema",
            actual="metadata.create_all(…)",
            next="Take it out: tables that it makes are in no revision.",
        )


def _not_started(error: LearnerCodeError) -> Finding:
    finding = unmet(
        "app.starts",
        f"your app does not start{at(where(error))}",
        expected="`uvicorn main:app` serves",
        actual=said(error),
        next=f"{fix(error)} `uvicorn main:app` shows it too.",
    )
    return foreign_or(error, finding)


def _failed(error: LearnerCodeError) -> Finding:
    finding = unmet(
        "app.answers",
        f"your app starts, and then does not answer{at(where(error))}",
        expected="an answer to each request",
        actual=said(error),
        next=fix(error),
    )
    return foreign_or(error, finding)


def _post(post: Exchange, run: AppRun, goal: AppGoal) -> Iterator[Finding]:
    status = post.response.status
    answers = f"POST {post.path} answers {status}"
    if not _OK <= status < _NOT_OK:
        actual, then = reported(post.response.failure, post.response.text)
        yield unmet(
            "app.answers",
            answers,
            expected="201 or another success",
            actual=actual,
            next=then
            if status >= _FAILURE
            else "The answer says what it refuses: let the endpoint take such a product.",
        )
        return
    yield met("app.answers", answers)
    if run.stored is None:
        yield unmet(
            "app.stores",
            f"{answers}, but no row arrives in {goal.table}",
            expected=f"one row more in {goal.table}",
            actual="as many rows as before",
            next="Commit in the endpoint: `await session.commit()`.",
        )
        return
    body = dict(post.fields)
    followed = [name for name in body if name in goal.body or name.endswith("_id")]
    stored = run.stored
    wrong = [
        name for name in followed if name in stored and not _is_stored(body[name], stored[name])
    ]
    if wrong:
        yield unmet(
            "app.stores",
            f"POST {post.path} stores something else than was posted: {', '.join(wrong)}",
            expected=_listed({name: body[name] for name in wrong}),
            actual=_listed({name: stored[name] for name in wrong}),
            next="Hand every field of the body over to the model, under its own name.",
        )
        return
    if goal.fills and all(stored.get(name) is None for name in goal.fills):
        yield unmet(
            "app.stores",
            f"POST {post.path} leaves {goal.fills[0]} empty",
            expected=f"a body with which a new row of {goal.table} gets its {goal.fills[0]}",
            actual=f"fields of the body: {', '.join(body)}",
            next=f"Give the model of the body a field {goal.fills[0]}, and hand it over.",
        )
        return
    yield met("app.stores", f"the row that was posted is in {goal.table}")
    yield from _shows(goal, post)


def _shows(goal: AppGoal, post: Exchange) -> Iterator[Finding]:
    """Yield what the answer gets wrong: null for what was posted; and what it does not have.

    The latter is a warning: what an API tells is a matter of taste.
    """
    try:
        answer = post.response.json()
    except ValueError:
        return
    if not isinstance(answer, dict):
        return
    given = {name: value for name, value in post.fields if name in goal.body and value is not None}
    hidden = [name for name in given if name in answer and answer[name] is None]
    if hidden:
        yield unmet(
            "app.shows",
            f"the answer of POST {post.path} shows null for {', '.join(hidden)}, which was posted",
            expected=_listed({name: given[name] for name in hidden}),
            actual=_listed(dict.fromkeys(hidden)),
            next="The response model finds no such attribute in the row: give its field the name "
            "that the attribute has in models.py, or an alias.",
        )
    shown = {name.replace("_", "").casefold() for name in answer}
    lacking = [name for name in goal.shows if name.replace("_", "") not in shown]
    if lacking:
        yield warning(
            "app.shows",
            f"the answer of POST {post.path} does not show {', '.join(lacking)}",
            actual=f"fields: {', '.join(answer)}",
            next="Add them to the response model, unless you keep them from your users on purpose.",
        )


def _is_stored(posted: object, stored: object) -> bool:
    """Whether a column holds a posted value: numbers to the cent, texts but for case and blanks."""
    if isinstance(posted, int | float) and isinstance(stored, int | float):
        return abs(posted - stored) < _CENT
    if isinstance(posted, str) and isinstance(stored, str):
        return posted.strip().casefold() == stored.strip().casefold()
    return posted == stored


def _unread(get: Exchange) -> Finding:
    """Return the finding on a GET endpoint that fails on the rows that are there."""
    actual, then = reported(get.response.failure, get.response.text)
    return unmet(
        "app.reads",
        f"GET {get.path} answers {get.response.status}",
        expected="the rows that are there, NULLs among them",
        actual=actual,
        next=then,
    )


def _elsewhere(get: Exchange) -> Finding:
    """Return the warning on an endpoint that the step is not about: it may have its reasons."""
    actual, then = reported(get.response.failure, get.response.text)
    return warning(
        "app.reads",
        f"GET {get.path} answers {get.response.status}",
        actual=actual,
        next=f"This step is not about it. {then}",
    )


def _refused(post: Exchange) -> Finding:
    """Return the finding on what would be a good body, but for the changed values."""
    summary = _with_changed(post)
    if post.response.status == _UNPROCESSABLE:
        return met("app.refuses", summary)
    return unmet(
        "app.refuses",
        summary,
        expected=str(_UNPROCESSABLE),
        actual=_actual(post),
        next="Let the model of the body refuse it: by its type, or by a bound such as Field(gt=0).",
    )


def _not_survived(post: Exchange) -> Finding:
    """Return the warning where what the database refuses ends in a 500."""
    return warning(
        "app.refuses",
        _with_changed(post),
        expected=str(_UNPROCESSABLE),
        actual=_actual(post),
        next="Let the model of the body have the bounds of the column, too.",
    )


def _with_changed(post: Exchange) -> str:
    return f"POST {post.path} with {_listed(post.changed or {})} answers {post.response.status}"


def _actual(post: Exchange) -> str:
    failure = post.response.failure
    return said(failure) if failure else str(post.response.status)


def _listed(values: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {json.dumps(value)}" for name, value in values.items())
