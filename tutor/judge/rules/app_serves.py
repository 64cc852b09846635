"""The learner's app is served on a copy of the database, and takes the request."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tutor.judge.evidence.request import find_post, make_body, operations, plain_gets
from tutor.judge.verdict import Finding, Layer, Status
from tutor.judge.words.app_failure import reported
from tutor.judge.words.learner_code import at, foreign_or, mend, said, where
from tutor.workspace.code.error import LearnerCodeError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tutor.course.step import AppGoal
    from tutor.judge.evidence.evidence import Evidence
    from tutor.judge.evidence.request import Post
    from tutor.workspace.code.app import Response, ServedApp

PLACE = (Layer.APP, 10)

_OK, _NOT_OK, _UNPROCESSABLE, _FAILURE = 200, 300, 422, 500
_CENT = 0.01


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield whether the app starts, takes the step's request, stores the row, refuses bad ones."""
    if not evidence.serves:
        return
    goal = evidence.step.app
    if b"create_all" in b"".join(
        content for name, content in evidence.files.items() if name.endswith(".py")
    ):
        yield Finding(
            "app.create_all",
            Status.WARNING,
            Layer.APP,
            "your code calls create_all",
            expected="Alembic alone changes the schema",
            actual="metadata.create_all(…)",
            next="Take it out: tables that it makes are in no revision.",
        )
    try:
        with evidence.app.serve() as app:
            yield Finding("app.starts", Status.MET, Layer.APP, "your app starts")
            if goal is not None:
                yield from _answers(evidence, app, goal)
    except LearnerCodeError as error:
        finding = Finding(
            "app.starts",
            Status.UNMET,
            Layer.APP,
            f"your app does not start{at(where(error))}",
            expected="`uvicorn main:app` serves",
            actual=said(error),
            next=f"{mend(error)} `uvicorn main:app` shows it too.",
        )
        yield foreign_or(error, finding)


def _answers(evidence: Evidence, app: ServedApp, goal: AppGoal) -> Iterator[Finding]:
    """Yield how the requests went; one that hangs or ends the app is told as such."""
    try:
        yield from _requests(evidence, app, goal)
    except LearnerCodeError as error:
        finding = Finding(
            "app.answers",
            Status.UNMET,
            Layer.APP,
            f"your app starts, and then does not answer{at(where(error))}",
            expected="an answer to each request",
            actual=said(error),
            next=mend(error),
        )
        yield foreign_or(error, finding)


def _requests(evidence: Evidence, app: ServedApp, goal: AppGoal) -> Iterator[Finding]:
    openapi = app.openapi()
    post = find_post(openapi, goal)
    if post is None:
        yield Finding(
            "app.endpoint",
            Status.UNMET,
            Layer.APP,
            f"your app has no POST {goal.path}",
            expected=f"POST {goal.path}",
            actual=", ".join(operations(openapi)) or "no endpoints",
            next="Write the endpoint in main.py.",
        )
        return
    existing = evidence.app.existing_keys()
    yield from _post(evidence, app, goal, post, make_body(post, goal, existing))
    yield from _reads(app, openapi)
    for wrong in goal.refused:
        yield _refused(app, post, make_body(post, goal, existing), wrong)
    for odd in goal.delicate:
        yield from _survives(app, post, make_body(post, goal, existing), odd)


def _post(
    evidence: Evidence,
    app: ServedApp,
    goal: AppGoal,
    post: Post,
    body: dict[str, object],
) -> Iterator[Finding]:
    before = evidence.app.keys(goal.table)
    response = app.request("POST", post.path, body)
    if not _OK <= response.status < _NOT_OK:
        failed = response.status >= _FAILURE
        actual, then = reported(response.failure, response.text)
        yield Finding(
            "app.answers",
            Status.UNMET,
            Layer.APP,
            f"POST {post.path} answers {response.status}",
            expected="201 or another success",
            actual=actual,
            next=then
            if failed
            else "The answer says what it refuses: let the endpoint take such a product.",
        )
        return
    yield Finding(
        "app.answers", Status.MET, Layer.APP, f"POST {post.path} answers {response.status}"
    )
    arrived = evidence.app.keys(goal.table) - before
    if not arrived:
        yield Finding(
            "app.stores",
            Status.UNMET,
            Layer.APP,
            f"POST {post.path} answers {response.status}, but no row arrives in {goal.table}",
            expected=f"one row more in {goal.table}",
            actual="as many rows as before",
            next="Commit in the endpoint: `await session.commit()`.",
        )
        return
    row = evidence.app.row(goal.table, min(arrived))
    followed = [name for name in body if name in goal.body or name.endswith("_id")]
    wrong = [name for name in followed if name in row and not _is_stored(body[name], row[name])]
    if wrong:
        yield Finding(
            "app.stores",
            Status.UNMET,
            Layer.APP,
            f"POST {post.path} stores something else than was posted: {', '.join(wrong)}",
            expected=_listed({name: body[name] for name in wrong}),
            actual=_listed({name: row[name] for name in wrong}),
            next="Hand every field of the body over to the model, under its own name.",
        )
        return
    yield Finding(
        "app.stores", Status.MET, Layer.APP, f"the row that was posted is in {goal.table}"
    )
    yield from _shows(goal, post, response)


def _shows(goal: AppGoal, post: Post, response: Response) -> Iterator[Finding]:
    """Yield the fields that the answer does not have: what an API tells is a matter of taste."""
    try:
        answer = response.json()
    except ValueError:
        return
    if not isinstance(answer, dict):
        return
    shown = {name.replace("_", "").casefold() for name in answer}
    lacking = [name for name in goal.shows if name.replace("_", "") not in shown]
    if lacking:
        yield Finding(
            "app.shows",
            Status.WARNING,
            Layer.APP,
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


def _reads(app: ServedApp, openapi: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield the GET endpoints without parameters that fail on the rows that are there."""
    for path in plain_gets(openapi):
        response = app.request("GET", path, status_only=True)
        if response.status < _FAILURE:
            continue
        actual, then = reported(response.failure, response.text)
        yield Finding(
            "app.reads",
            Status.UNMET,
            Layer.APP,
            f"GET {path} answers {response.status}",
            expected="the rows that are there, NULLs among them",
            actual=actual,
            next=then,
        )


def _refused(
    app: ServedApp, post: Post, body: dict[str, object], wrong: Mapping[str, object]
) -> Finding:
    """Post what would be a good body, but for the values in `wrong`."""
    response = app.request("POST", post.path, {**body, **wrong})
    met = response.status == _UNPROCESSABLE
    return Finding(
        "app.refuses",
        Status.MET if met else Status.UNMET,
        Layer.APP,
        f"POST {post.path} with {_listed(wrong)} answers {response.status}",
        expected=str(_UNPROCESSABLE),
        actual=said(response.failure) if response.failure else str(response.status),
        next=""
        if met
        else "Let the model of the body refuse it: by its type, or by a bound such as Field(gt=0).",
    )


def _survives(
    app: ServedApp, post: Post, body: dict[str, object], odd: Mapping[str, object]
) -> Iterator[Finding]:
    """Yield a warning where what the database refuses ends in a 500."""
    response = app.request("POST", post.path, {**body, **odd})
    if response.status < _FAILURE:
        return
    yield Finding(
        "app.refuses",
        Status.WARNING,
        Layer.APP,
        f"POST {post.path} with {_listed(odd)} answers {response.status}",
        expected=str(_UNPROCESSABLE),
        actual=said(response.failure) if response.failure else str(response.status),
        next="Let the model of the body have the bounds of the column, too.",
    )


def _listed(values: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {json.dumps(value)}" for name, value in values.items())
