"""The .env of the workspace: as dotenv reads it, whatever its style."""

from __future__ import annotations

import io

import pytest
from dotenv import dotenv_values

from tutor.workspace.environment.credentials import env_leading_to, env_with_port
from tutor.workspace.environment.env_url import settings_in_url
from tutor.workspace.environment.target import Target


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


URL = "DATABASE_URL=postgresql+asyncpg://kim:p%40ss@127.0.0.1:20001/shop?ssl=require  # mine\nX=1\n"


def test_the_port_of_a_database_url_is_followed_too() -> None:
    assert env_with_port(URL.encode(), 20002).decode() == URL.replace("20001", "20002")


def test_a_database_url_says_where_it_leads() -> None:
    values = {name: value or "" for name, value in dotenv_values(stream=io.StringIO(URL)).items()}
    assert settings_in_url(values) == {
        "DB_HOST": "127.0.0.1",
        "DB_PORT": "20001",
        "DB_NAME": "shop",
        "DB_USER": "kim",
        "DB_PASSWORD": "p@ss",
    }
    assert settings_in_url({"REDIS": "redis://x:1"}) == {}
    assert "DB_PORT" not in settings_in_url({"URL": "postgresql://kim@host:port/shop"})
    assert settings_in_url({"URL": "postgresql://kim@host/shop"})["DB_PORT"] == "5432"


def test_new_credentials_go_into_the_url() -> None:
    old = Target("127.0.0.1", 20001, "shop", "kim", "p@ss")
    new = Target("::1", 20002, "copy", "lee", "a/b")
    moved = (
        "DATABASE_URL=postgresql+asyncpg://lee:a%2Fb@[::1]:20002/copy?ssl=require  # mine\nX=1\n"
    )
    assert env_leading_to(URL.encode(), new).decode() == moved
    assert env_leading_to(URL.encode(), new, instead_of=old).decode() == moved
    elsewhere = Target("127.0.0.1", 1, "shop", "kim", "p@ss")
    assert env_leading_to(URL.encode(), new, instead_of=elsewhere).decode() == URL
