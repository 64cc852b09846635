"""What clients get for what the database refuses, as 3.7 and 6.3 say."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any

import pytest

from tests.course.learner import COURSE
from tutor.workspace.environment.venv import python

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.course.learner import Learner

PATIENCE = 30.0
PRODUCT = {"name": "Laptop", "price": 1999.99, "quantity": 5, "sku": "LAPTOP-9"}


@contextmanager
def served(learner: Learner) -> Iterator[Callable[..., int]]:
    """Serve the learner's app as the lesson says; yield what posts a product, for its status."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = subprocess.Popen(
        [python(learner.root), "-m", "uvicorn", "main:app", "--port", str(port)],
        cwd=learner.root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        yield lambda **body: post(port, PRODUCT | body)
    finally:
        app.terminate()
        app.wait(PATIENCE)


def wait_for(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=PATIENCE).close()
        except ConnectionRefusedError:
            assert time.monotonic() < until, "the app does not start"
            time.sleep(0.05)
        else:
            return


def post(port: int, body: dict[str, Any]) -> int:
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        headers = {"Content-Type": "application/json"}
        connection.request("POST", "/products", json.dumps(body), headers)
        return connection.getresponse().status


@pytest.mark.xdist_group("3.7")
def test_the_same_sku_twice_is_a_500_and_one_row(learner: Learner) -> None:
    learner.go_to_start("3.7")
    learner.lay(COURSE.step("3.7").solution)
    with served(learner) as create:
        assert create(description="Fast") == 200
        assert create(description="Fast") == 500
    query = "tutor psql -At -c \"SELECT count(*) FROM products WHERE sku = 'LAPTOP-9'\""
    assert learner.run(query).split() == ["1"]


@pytest.mark.xdist_group("6.3")
def test_what_is_a_500_at_6_3_s_start_is_a_422_or_a_409_at_its_end(learner: Learner) -> None:
    learner.go_to_start("6.3")
    good = {"product_description": "Fast", "category_id": 2}
    bad = [{"price": 0, "sku": "other"}, {}, {"category_id": 999, "sku": "other"}]
    with served(learner) as create:
        assert create(**good) == 200
        assert [create(**(good | change)) for change in bad] == [500, 500, 500]
    learner.lay(COURSE.step("6.3").solution)
    with served(learner) as create:
        assert [create(**(good | change)) for change in bad] == [422, 409, 409]
        assert create(**good, sku="another") == 200
