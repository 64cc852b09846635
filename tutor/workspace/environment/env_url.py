"""One database URL in `.env`, in place of DB_HOST, DB_PORT and so on: `DATABASE_URL=postgresql://…`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

_URL = re.compile(r"postgres(?:ql)?(?:\+\w+)?://[^\s\"']+")
_DEFAULT_PORT = 5432


def settings_in_url(values: Mapping[str, str]) -> dict[str, str]:
    """Return what the first PostgreSQL URL among the values says, as DB_HOST and so on.

    Empty where there is none. An unreadable port is left out.
    """
    for value in values.values():
        if _URL.fullmatch(value):
            parts = urlsplit(value)
            said = {
                "DB_HOST": parts.hostname,
                "DB_NAME": parts.path.removeprefix("/"),
                "DB_USER": parts.username,
                "DB_PASSWORD": parts.password,
            }
            found = {name: unquote(part) for name, part in said.items() if part}
            return {**found, **_port(value)}
    return {}


def with_settings(text: str, settings: Mapping[str, str]) -> str:
    """Return the text of a `.env` whose URLs say these settings; what else they say stays."""
    return _URL.sub(lambda url: _changed(url[0], settings), text)


def _port(url: str) -> dict[str, str]:
    try:
        return {"DB_PORT": str(urlsplit(url).port or _DEFAULT_PORT)}
    except ValueError:
        return {}


def _changed(url: str, settings: Mapping[str, str]) -> str:
    said = {**settings_in_url({"": url}), **settings}
    user, password = (quote(said.get(name, ""), safe="") for name in ("DB_USER", "DB_PASSWORD"))
    host = said.get("DB_HOST", "")
    host = f"[{host}]" if ":" in host else host
    place = f"{user}:{password}@{host}:{said.get('DB_PORT', _DEFAULT_PORT)}"
    return urlsplit(url)._replace(netloc=place, path=f"/{said.get('DB_NAME', '')}").geturl()
