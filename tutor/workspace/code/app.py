"""The learner's app, really served: their `main:app` under uvicorn, on a copy of the database."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from tutor.workspace.code.error import LearnerCodeError
from tutor.workspace.code.process import ChildProcess

if TYPE_CHECKING:
    from pathlib import Path

    from tutor.workspace.environment.target import Target

_OK, _SERVER_ERROR = 200, 500
_REDIRECTING = {307, 308}
"""Those after which a client sends the same again."""
_REDIRECTS = 5
"""So many requests are sent until one is answered."""
# Bytes of an answer that are read; seconds that uvicorn may take to log why it answered 500.
_BODY = 5_000_000
_LOGGING = 1.0
# Seconds that an endpoint may take that the step is not about.
_GLANCE = 1.0


@dataclass(frozen=True)
class Response:
    """An answer of the app; `failure` is the exception behind a 500, where there was one."""

    status: int
    text: str
    failure: LearnerCodeError | None = None

    def json(self) -> Any:
        """Return the body's value; raises ValueError where it is not JSON."""
        return json.loads(self.text)


class ServedApp:
    """Serves the app on a free port of this machine. A context manager; left, the app is gone.

    Connections to `live` get the database `copy` instead; every other one is refused, and all are
    where `copy` is None. `copy` may be set until the app is served. `timeout`, in seconds, holds
    for the start and for each request. Raises LearnerCodeError where the app does not start, hangs
    or ends its process.
    """

    def __init__(
        self, root: Path, live: Target, copy: Target | None = None, *, timeout: float = 15
    ) -> None:
        """Prepare to serve the app of the workspace `root`."""
        self.copy = copy
        self._live = live
        self._timeout = timeout
        self._child = ChildProcess(root, "app")
        self._served: dict[str, Any] = {}

    def get_ready(self) -> None:
        """Start the process: it imports FastAPI while its parent does other things."""
        self._child.start()

    def close(self) -> None:
        """Kill the app and everything that it started."""
        self._child.kill()

    def __enter__(self) -> Self:
        """Start the app and wait until it listens."""
        answer = self._child.call(
            "serve",
            self._timeout,
            live=asdict(self._live),
            copy=None if self.copy is None else asdict(self.copy),
        )
        if "error" in answer:
            self._child.kill()
            raise LearnerCodeError.from_child(answer["error"], answer["output"])
        self._served = answer["value"]
        return self

    def __exit__(self, *_error: object) -> None:
        """Kill the app."""
        self.close()

    def openapi(self) -> dict[str, Any]:
        """Return the app's own description of its paths and models."""
        path = self._served["openapi_url"]
        response = None if path is None else self.request("GET", path)
        if response is not None and response.status == _OK:
            description: dict[str, Any] = response.json()
            return description
        if response is not None and response.failure is not None:
            raise response.failure
        raise LearnerCodeError("crash", "the app does not describe itself: no openapi.json")

    def request(
        self, method: str, path: str, body: object = None, *, status_only: bool = False
    ) -> Response:
        """Send one request, `body` as JSON; past proxies, as it does not leave this machine.

        Redirects are followed as a client would: to the path with a slash, or to HTTPS, which is
        then claimed as a proxy would. With `status_only` the answer's text is not waited for: a
        stream may never end.
        """
        sent = None if body is None else json.dumps(body)
        headers = {"Host": self._host}
        if body is not None:
            headers["Content-Type"] = "application/json"
        for _ in range(_REDIRECTS):
            length = 0 if status_only else _BODY
            status, text, place = self._exchange(method, path, sent, headers, length)
            if status not in _REDIRECTING or place is None:
                break
            to = urlsplit(place)
            path = to.path + (f"?{to.query}" if to.query else "")
            if to.scheme == "https":
                headers["X-Forwarded-Proto"] = "https"
        failure = self._failure() if status >= _SERVER_ERROR else None
        return Response(status, text, failure)

    def _exchange(
        self, method: str, path: str, sent: str | None, headers: dict[str, str], length: int
    ) -> tuple[int, str, str | None]:
        """Return status, text (at most `length` bytes of it) and Location of one answer."""
        from http.client import HTTPConnection, HTTPException  # noqa: PLC0415 - few checks serve

        connection = HTTPConnection("127.0.0.1", self._served["port"], timeout=self._timeout)
        try:
            connection.request(method, path, sent, headers)
            answer = connection.getresponse()
            text = answer.read(length).decode(errors="replace") if length else ""
            return answer.status, text, answer.getheader("Location")
        except TimeoutError:
            raise self._child.hang(self._timeout) from None
        except (OSError, HTTPException):
            raise self._child.ended() from None
        finally:
            connection.close()

    def glance(self, path: str) -> Response | None:
        """Read a path's status if it comes at once; None for one that waits or breaks off.

        The app is left as it is: a long poll may take its time.
        """
        from http.client import HTTPConnection, HTTPException  # noqa: PLC0415 - as above

        connection = HTTPConnection("127.0.0.1", self._served["port"], timeout=_GLANCE)
        try:
            connection.request("GET", path, headers={"Host": self._host})
            status = connection.getresponse().status
        except (OSError, HTTPException):
            return None
        finally:
            connection.close()
        return Response(status, "", self._failure() if status >= _SERVER_ERROR else None)

    @property
    def _host(self) -> str:
        """A Host header that the app's TrustedHostMiddleware lets in, where it has one."""
        return f"{self._served['host']}:{self._served['port']}"

    def _failure(self) -> LearnerCodeError | None:
        """Return the exception that the app's server logged; it does so just after it answers."""
        deadline = time.monotonic() + _LOGGING
        while time.monotonic() < deadline:
            answer = self._child.call("failures", self._timeout)
            if answer["value"]:
                return LearnerCodeError.from_child(answer["value"][-1], answer["output"])
            time.sleep(0.02)
        return None
