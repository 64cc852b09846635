"""What `.env` says of the database, and what it should say."""

from __future__ import annotations

import io
import os
import re
from typing import TYPE_CHECKING

from tutor.workspace.environment.env_url import settings_in_url, with_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tutor.workspace.environment.target import Target

_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


def differing(said: Mapping[str, str], wanted: Mapping[str, str]) -> list[str]:
    """Return the settings that lead elsewhere than the wanted ones.

    This machine has several names.
    """
    return [
        name
        for name, value in wanted.items()
        if said.get(name) != value and not (name == "DB_HOST" and said.get(name) in _THIS_MACHINE)
    ]


def exported_elsewhere(said: Mapping[str, str]) -> list[str]:
    """Return the variables of the shell that name another database than `.env`, which says `said`.

    The template lets `.env` win over them; other code, and other tools, may not.
    """
    names = ("DATABASE_URL", "DB_HOST", "DB_PORT", "DB_NAME", "DB_USER", "DB_PASSWORD")
    exported = {name: os.environ[name] for name in names if name in os.environ}
    return differing(exported, {name: said.get(name, "") for name in exported})


def env_settings(target: Target) -> dict[str, str]:
    """Return what `.env` has to say for a database: names to values."""
    return {
        "DB_HOST": target.host,
        "DB_PORT": str(target.port),
        "DB_NAME": target.database,
        "DB_USER": target.user,
        "DB_PASSWORD": target.password,
    }


def env_file(target: Target) -> bytes:
    """Return the text of a `.env` that leads to a database."""
    settings = env_settings(target)
    return "".join(f"{name}={_quoted(value)}\n" for name, value in settings.items()).encode()


def env_leading_to(env: bytes, target: Target, *, instead_of: Target | None = None) -> bytes:
    """Return a `.env` with other credentials in it; all else that it says stays.

    With `instead_of`, only settings that led to that database change, so that a fault which a step
    put there on purpose stays. One that is not readable is replaced as a whole.
    """
    from dotenv import dotenv_values  # noqa: PLC0415 - few commands read the settings

    try:
        text = env.decode("utf-8")
    except UnicodeDecodeError:
        return env_file(target)
    said = dotenv_values(stream=io.StringIO(text))
    in_url = settings_in_url({name: value or "" for name, value in said.items()})
    if in_url and "DB_HOST" not in said:
        led_there = instead_of is None or not differing(in_url, env_settings(instead_of))
        return (with_settings(text, env_settings(target)) if led_there else text).encode()
    before = env_settings(instead_of) if instead_of else {}
    for name, value in env_settings(target).items():
        line = f"{name}={_quoted(value)}"
        pattern = re.compile(rf"(?m)^[ \t]*(?:export[ \t]+)?{name}[ \t]*=.*$")
        if name in said and said[name] == before.get(name, said[name]):
            text = pattern.sub(line.replace("\\", "\\\\"), text)
        elif instead_of is None:
            text = f"{text.rstrip()}\n{line}\n".lstrip()
    return text.encode()


def env_with_port(env: bytes, port: int) -> bytes:
    """Return a `.env` whose DB_PORT is another number; quotes and comments of its line stay.

    Where it has no DB_PORT, that is the port of its database URL; one that sets no port stays as
    it is.
    """
    line = rb"""(?m)^([ \t]*(?:export[ \t]+)?DB_PORT[ \t]*=[ \t]*)(["']?)\d+\2"""
    changed, number = re.subn(line, rb"\g<1>\g<2>%d\g<2>" % port, env)
    if number or b"://" not in env:
        return changed
    text = env.decode("utf-8", "surrogateescape")
    return with_settings(text, {"DB_PORT": str(port)}).encode("utf-8", "surrogateescape")


def _quoted(value: str) -> str:
    """Return a value as dotenv reads it back; plain where nothing in it needs quotes."""
    if re.fullmatch(r"[\w.:/@%+-]+", value, re.ASCII):
        return value
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
