"""What went wrong behind an app's 500, and what to do about it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tutor.judge.words.learner_code import fix, said

if TYPE_CHECKING:
    from tutor.workspace.code.error import LearnerCodeError

_NOT_NULL = "23502"
_NOT_STORED = "is not persistent within this Session"
_RESPONSE_FIELD = (
    r"'type': '(\w+)', 'loc': \('response', (.+?)\), 'msg': '(.+?)', 'input': ([^\s,(}]+)"
)
"""One error of FastAPI's ResponseValidationError, which has no line of the learner's."""


def reported(failure: LearnerCodeError | None, text: str) -> tuple[str, str]:
    """Return what went wrong and what to do; `text` is all that the app answered."""
    if failure is None:
        return text[:300], "Run `uvicorn main:app` and send the request: its log shows the error."
    if refused := re.search(_RESPONSE_FIELD, failure.traceback):
        kind, place, message, value = refused.groups()
        field = place.rpartition(", ")[2].strip("'")
        return f"the response model's field {field}: {message}", _response_advice(
            kind, field, value
        )
    return said(failure), _advice(failure)


def _advice(failure: LearnerCodeError) -> str:
    column = failure.detail.get("column")
    if failure.sqlstate == _NOT_NULL and column:
        return (
            f"Nothing gives `{column}` a value: let the model in models.py do it (default=…), the "
            "endpoint, or the column itself (server_default=… in a revision)."
        )
    if _NOT_STORED in failure.message:
        return (
            "The object was refreshed before it was stored: `await session.commit()` is missing "
            "above that line, or its `await`."
        )
    return fix(failure)


def _response_advice(kind: str, field: str, value: str) -> str:
    if kind == "missing":
        return (
            f"The response model asks for `{field}`, and the object that the endpoint returns has "
            "no such attribute: use one name in models.py and main.py."
        )
    if value == "None" and field == "id":
        return "The object has no id, for it was never stored: `await session.commit()` is missing."
    if value == "None":
        return "Let the response model allow the NULL that a row holds (`str | None`, say)."
    if value.startswith("datetime"):
        return "The row holds a date and time there: let the response model say datetime."
    return "Give the field of the response model the type of what the row holds."
