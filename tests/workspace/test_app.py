"""The learner's app, really served on a copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tutor.workspace.code.app import ServedApp
from tutor.workspace.code.error import LearnerCodeError

if TYPE_CHECKING:
    from tests.workspace.site import Site

ENDPOINTS = """
@app.get("/boom")
async def boom() -> int:
    return 1 + "a"


@app.get("/slow")
def slow() -> None:
    import time

    time.sleep(60)


@app.get("/die")
def die() -> None:
    import os

    os._exit(0)
"""


def served(site: Site, timeout: float = 10) -> ServedApp:
    return ServedApp(site.root, site.live, site.copy, timeout=timeout)


def test_answers_from_the_copy(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://192.0.2.1:9")
    with site.runner() as runner:
        runner.alembic("upgrade", "head")
    with site.server.connect(site.copy.database) as connection:
        connection.execute("INSERT INTO products (name, price) VALUES ('Lamp', 20), (NULL, NULL)")
    with served(site) as app:
        assert set(app.openapi()["paths"]) == {"/", "/products"}
        assert app.request("GET", "/").json() == {"status": "ok"}
        products = app.request("GET", "/products")
        assert products.status == 200
        assert [product["name"] for product in products.json()] == ["Lamp", None]
        assert app.request("POST", "/products", {"name": "x"}).status == 405


def test_redirects_are_followed_with_method_and_body(site: Site) -> None:
    site.append(
        "main.py",
        """
from fastapi import Body
from starlette.middleware.httpsredirect import HTTPSRedirectMiddleware

app.add_middleware(HTTPSRedirectMiddleware)

@app.post("/things/")
def make(name: str = Body(embed=True)) -> str:
    return name
""",
    )
    with served(site) as app:
        made = app.request("POST", "/things", {"name": "Lamp"})
    assert (made.status, made.json()) == (200, "Lamp")


def test_the_exception_behind_a_500_is_told(site: Site) -> None:
    site.append("main.py", ENDPOINTS)
    line = (site.root / "main.py").read_text().splitlines().index('    return 1 + "a"') + 1
    with served(site) as app:
        boom = app.request("GET", "/boom")
        assert boom.status == 500
        assert boom.failure is not None
        assert (boom.failure.kind, boom.failure.file) == ("crash", "main.py")
        assert boom.failure.line == line
        assert boom.failure.message.startswith("TypeError: unsupported operand")
        # There is no such table yet.
        products = app.request("GET", "/products")
        assert products.failure is not None
        assert (products.failure.kind, products.failure.sqlstate) == ("database", "42P01")


def test_an_endpoint_that_hangs_strays_or_ends_the_app_is_told(site: Site) -> None:
    site.append("main.py", ENDPOINTS)
    with served(site, timeout=1.5) as app:
        with pytest.raises(LearnerCodeError) as error:
            app.request("GET", "/slow")
        assert (error.value.kind, error.value.file) == ("hang", "main.py")
    site.append(".env", "DB_NAME=postgres\n")
    with served(site) as app:
        refused = app.request("GET", "/products").failure
        assert refused is not None
        assert refused.kind == "refused"
        with pytest.raises(LearnerCodeError) as error:
            app.request("GET", "/die")
        assert error.value.kind == "exit"


@pytest.mark.parametrize(
    ("main", "kind", "says"),
    [
        ("application = 1\n", "import", "defines no `app`"),
        ("import nothing_like_it\n", "import", "nothing_like_it"),
        (
            "from contextlib import asynccontextmanager\nfrom fastapi import FastAPI\n"
            "@asynccontextmanager\nasync def life(app):\n    raise ValueError('no start')\n"
            "    yield\napp = FastAPI(lifespan=life)\n",
            "crash",
            "ValueError: no start",
        ),
    ],
)
def test_an_app_that_does_not_start_is_told(site: Site, main: str, kind: str, says: str) -> None:
    site.write("main.py", main)
    with pytest.raises(LearnerCodeError) as error, served(site):
        pass
    assert error.value.kind == kind
    assert says in error.value.message
