"""A TCP port on the loopback interface that stays the workspace's own."""

from __future__ import annotations

import os
import socket

from tutor.errors import CannotActError

HOST = "127.0.0.1"

# Below every system's range of ephemeral ports, so that no outgoing connection takes it.
RANGE = range(20_000, 30_000)


def is_free(port: int) -> bool:
    """Tell whether a server could listen on the port."""
    with socket.socket() as probe:
        if os.name != "nt":  # like PostgreSQL: connections that just ended do not count as taken
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def accepts(port: int, seconds: float = 1.0) -> bool:
    """Tell whether somebody accepts connections on the port."""
    with socket.socket() as probe:
        probe.settimeout(seconds)
        return probe.connect_ex((HOST, port)) == 0


def find_free() -> int:
    """Return a free port, at random, so that two workspaces seldom want the same one."""
    import secrets  # noqa: PLC0415 - few commands look for one

    for _ in range(200):
        port = RANGE.start + secrets.randbelow(len(RANGE))
        if is_free(port):
            return port
    raise CannotActError(
        f"No port between {RANGE.start} and {RANGE.stop - 1} can be listened on at {HOST}.",
        "A firewall or sandbox seems to forbid it: allow local connections, then try again.",
    )
