"""The learner's app is served on a copy of the database, and takes the request."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from tutor.checks.finding import Finding, Layer, Status
from tutor.checks.learner_code import at, foreign_or, mend, said, where
from tutor.checks.request import find_post, make_body, operations, plain_gets
from tutor.workspace.learner_error import LearnerCodeError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tutor.checks.evidence import Evidence
    from tutor.checks.request import Post
    from tutor.course.step import AppGoal
    from tutor.workspace.app import ServedApp

PLACE = (Layer.APP, 10)

_OK, _NOT_OK, _UNPROCESSABLE, _FAILURE = 200, 300, 422, 500
_NOT_NULL = "23502"
_RESPONSE_FIELD = re.compile(r"'type': '(\w+)', 'loc': \('response', (.+?)\), 'msg': '(.+?)'")


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
        with evidence.serve() as app:
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
    existing = evidence.existing_keys()
    yield from _post(evidence, app, goal, post, make_body(post, goal, existing))
    yield from _reads(app, openapi)
    for wrong in goal.refused:
        yield _refused(app, post, make_body(post, goal, existing), wrong)


def _post(
    evidence: Evidence,
    app: ServedApp,
    goal: AppGoal,
    post: Post,
    body: dict[str, object],
) -> Iterator[Finding]:
    before = evidence.app_rows(goal.table)
    response = app.request("POST", post.path, body)
    if not _OK <= response.status < _NOT_OK:
        failed = response.status >= _FAILURE
        actual, then = _reported(response.failure, response.text)
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
    arrived = evidence.app_rows(goal.table) - before
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
    yield Finding(
        "app.stores", Status.MET, Layer.APP, f"the row that was posted is in {goal.table}"
    )


def _reads(app: ServedApp, openapi: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield the GET endpoints without parameters that fail on the rows that are there."""
    for path in plain_gets(openapi):
        response = app.request("GET", path)
        if response.status < _FAILURE:
            continue
        actual, then = _reported(response.failure, response.text)
        yield Finding(
            "app.reads",
            Status.UNMET,
            Layer.APP,
            f"GET {path} answers {response.status}",
            expected="the rows that are there, NULLs among them",
            actual=actual,
            next=then,
        )


def _reported(failure: LearnerCodeError | None, text: str) -> tuple[str, str]:
    """Return what went wrong behind a 500, and what to do.

    FastAPI's ResponseValidationError has no line of the learner's: it is told by field.
    """
    if failure is None:
        return text[:300], "Run `uvicorn main:app` and send the request: its log shows the error."
    column = failure.detail.get("column")
    if failure.sqlstate == _NOT_NULL and column:
        return said(failure), (
            f"Nothing gives `{column}` a value: let the model in models.py do it (default=…), the "
            "endpoint, or the column itself (server_default=… in a revision)."
        )
    refused = _RESPONSE_FIELD.search(failure.traceback)
    if refused is None:
        return said(failure), mend(failure)
    kind, place, message = refused.groups()
    field = place.rpartition(", ")[2].strip("'")
    actual = f"the response model's field {field}: {message}"
    if kind == "missing":
        return actual, (
            f"The response model asks for `{field}`, and the object that the endpoint returns has "
            "no such attribute: use one name in models.py and main.py."
        )
    return actual, "Let the response model allow what the rows hold (`str | None` for a NULL)."


def _refused(
    app: ServedApp, post: Post, body: dict[str, object], wrong: Mapping[str, object]
) -> Finding:
    """Post what would be a good body, but for the values in `wrong`."""
    response = app.request("POST", post.path, {**body, **wrong})
    met = response.status == _UNPROCESSABLE
    values = ", ".join(f"{name} {json.dumps(value)}" for name, value in wrong.items())
    return Finding(
        "app.refuses",
        Status.MET if met else Status.UNMET,
        Layer.APP,
        f"POST {post.path} with {values} answers {response.status}",
        expected=str(_UNPROCESSABLE),
        actual=said(response.failure) if response.failure else str(response.status),
        next=""
        if met
        else "Let the model of the body refuse it: by its type, or by a bound such as Field(gt=0).",
    )
