"""Serve the learner's app on a copy, send it the step's requests, and note what it did."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tutor.judge.evidence.body import Bodies, replaced
from tutor.judge.evidence.request import find_post, operations, plain_gets
from tutor.judge.values.app import AppRun, Exchange
from tutor.postgres.catalog.catalog import read_catalog
from tutor.postgres.rows import all_keys, read_keys, read_row
from tutor.workspace.code.error import LearnerCodeError
from tutor.workspace.environment.target import target_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tutor.course import AppGoal
    from tutor.judge.evidence.request import Post
    from tutor.postgres.databases.scratch import Scratch
    from tutor.postgres.rows import Key
    from tutor.workspace.code.app import ServedApp

_OK, _NOT_OK = 200, 300


def run_app(app: ServedApp, scratch: Scratch, database: str, goal: AppGoal | None) -> AppRun:
    """Serve the app on a copy at the head of the revisions; with a goal, send it requests."""
    run = AppRun()
    app.copy = replace(target_of(scratch.server), database=database)
    try:
        with app:
            if goal is not None:
                _Client(app, scratch, database, goal, run).send()
    except LearnerCodeError as error:
        run.not_started = error
    return run


class _Client:
    """Sends the requests of one step to a served app, and writes down how they went."""

    def __init__(
        self, app: ServedApp, scratch: Scratch, database: str, goal: AppGoal, run: AppRun
    ) -> None:
        self.app = app
        self.scratch = scratch
        self.database = database
        self.goal = goal
        self.run = run

    def send(self) -> None:
        """Send all requests; one that hangs or ends the app is the last."""
        try:
            openapi = self.app.openapi()
            self.run.operations = tuple(operations(openapi))
            post = find_post(openapi, self.goal)
            if post is not None:
                self._send(post, openapi)
        except LearnerCodeError as error:
            self.run.failed = error

    def _send(self, post: Post, openapi: Mapping[str, Any]) -> None:
        bodies = Bodies(openapi, self.goal, self._existing_rows())
        before = self._keys()
        self.run.post = self._post(post, bodies)
        if _OK <= self.run.post.response.status < _NOT_OK:
            arrived = self._keys() - before
            self.run.stored = self._row(min(arrived)) if arrived else None
        own = [path for path in plain_gets(openapi) if path.rstrip("/") == post.path.rstrip("/")]
        self.run.reads = tuple(
            Exchange(path, self.app.request("GET", path, status_only=True)) for path in own
        )
        self.run.refused = tuple(self._post(post, bodies, changed) for changed in self.goal.refused)
        self.run.delicate = tuple(
            self._post(post, bodies, changed) for changed in self.goal.delicate
        )
        self.run.elsewhere = tuple(
            Exchange(path, response)
            for path in plain_gets(openapi)
            if path not in own and (response := self.app.glance(path)) is not None
        )

    def _post(
        self,
        post: Post,
        bodies: Bodies,
        changed: Mapping[str, Any] | None = None,
    ) -> Exchange:
        """Post a good body, with some of its values replaced by `changed`."""
        body = replaced(bodies.make(post.schema), changed or {})
        return Exchange(post.path, self.app.request("POST", post.path, body), body, changed)

    def _keys(self) -> set[Key]:
        with self.scratch.connect(self.database) as connection:
            return read_keys(connection, read_catalog(connection), self.goal.table)

    def _row(self, key: Key) -> dict[str, Any]:
        with self.scratch.connect(self.database) as connection:
            text = read_row(connection, read_catalog(connection), self.goal.table, key)
        row: dict[str, Any] = json.loads(text)
        return row

    def _existing_rows(self) -> dict[str, dict[str, Any]]:
        """Return one row of each table that has rows."""
        with self.scratch.connect(self.database) as connection:
            catalog = read_catalog(connection)
            keys = all_keys(connection, catalog)
            return {
                table: json.loads(read_row(connection, catalog, table, min(found)))
                for table, found in keys.items()
                if found
            }
