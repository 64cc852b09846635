"""The mode `app`: the learner's `main:app`, served on a free port of this machine."""

from __future__ import annotations

import contextlib
import gc
import logging
import queue
import socket
import sys
import threading
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .failure import describe, describe_text
from .redirect import Redirect
from .wire import Wire

if TYPE_CHECKING:
    from collections.abc import Callable


class _Failures(logging.Handler):
    """Collects the exceptions that uvicorn logs: the app's own answer is a bare 500."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._found: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            self._found.put(describe(error))
        elif "Traceback (most recent call last)" in record.getMessage():
            self._found.put(describe_text(record.getMessage()))  # an error on start

    def take(self) -> list[dict[str, Any]]:
        """Return, and forget, what was found since the last time."""
        found = []
        with contextlib.suppress(queue.Empty):
            while True:
                found.append(self._found.get_nowait())
        return found


def main() -> None:
    """Answer the request `serve` once the app is up, then `failures` until the parent hangs up."""
    wire = Wire()
    for package in ("asyncpg", "fastapi", "uvicorn"):
        import_module(package)
    redirect = Redirect()
    redirect.install()
    sys.path.insert(0, str(Path.cwd()))
    sys.dont_write_bytecode = True
    failures = _Failures()
    logging.getLogger("uvicorn.error").addHandler(failures)
    gc.enable()  # see __main__
    wire.ready()
    serve = next(wire.requests())
    redirect.aim(serve["live"], serve["copy"])
    answer: dict[str, Any] = {"number": serve["number"]}

    def ready(value: dict[str, Any]) -> None:
        wire.send({**answer, "value": value, "output": wire.printed.take()})
        threading.Thread(target=_tell_failures, args=(wire, failures), daemon=True).start()

    stopped: dict[str, Any] = {"kind": "exit", "message": "the app stops by itself"}
    try:
        _serve(ready)
    except BaseException as error:  # noqa: BLE001 - also SystemExit: it is the learner's code
        stopped = describe(error)
    # uvicorn logs an error in the app's own start and ends: the error says more than the end.
    answer["error"] = [stopped, *failures.take()][-1]
    wire.send({**answer, "output": wire.printed.take()})


def _serve(ready: Callable[[dict[str, Any]], None]) -> None:
    """Serve `main:app`, telling where as soon as it listens; returns when it stops."""
    from uvicorn import Config, Server  # noqa: PLC0415 - once the standard streams are captured

    class ReadyServer(Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                openapi_url = getattr(app, "openapi_url", None)
                ready({"port": port, "openapi_url": openapi_url, "host": _host(app)})

    app = getattr(import_module("main"), "app", None)
    if app is None:
        raise ImportError("main.py defines no `app`")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        # No logging configuration: only `_Failures` listens.
        ReadyServer(Config(app, log_config=None, access_log=False)).run([listener])


def _host(app: Any) -> str:
    """Return a host name that the app answers to: TrustedHostMiddleware may allow only some."""
    for middleware in getattr(app, "user_middleware", ()):
        allowed = list(getattr(middleware, "kwargs", {}).get("allowed_hosts", ()))
        if allowed and "*" not in allowed:
            return str(allowed[0]).replace("*.", "www.")
    return "localhost"


def _tell_failures(wire: Wire, failures: _Failures) -> None:
    """Hand out, and forget, the exceptions seen since the last time."""
    for request in wire.requests():
        answer = {"number": request["number"], "value": failures.take()}
        wire.send({**answer, "output": wire.printed.take()})
