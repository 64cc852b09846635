"""The .env of the workspace: as dotenv reads it, whatever its style."""

from __future__ import annotations

import io

import pytest
from dotenv import dotenv_values

from tutor.workspace.environment.credentials import env_with_port


@pytest.mark.parametrize(
    "line",
    [
        "DB_PORT=20001",
        'DB_PORT="20001"',
        "DB_PORT='20001'",
        "  export DB_PORT = 20001  # the tutor's",
        'DB_PORT="20001" # here',
        "DB_PORT=20001\r",
    ],
)
def test_the_port_is_followed_in_every_style_of_the_line(line: str) -> None:
    env = f"DB_HOST=localhost\n{line}\nDB_NAME=fastapi_db\n"
    moved = env_with_port(env.encode(), 20002).decode()
    assert moved == env.replace("20001", "20002")
    assert dotenv_values(stream=io.StringIO(moved))["DB_PORT"] == "20002"


@pytest.mark.parametrize("line", ["", "# DB_PORT=20001", "OTHER_DB_PORT=20001", "DB_PORT=${PORT}"])
def test_what_sets_no_port_stays(line: str) -> None:
    assert env_with_port(line.encode(), 20002) == line.encode()
