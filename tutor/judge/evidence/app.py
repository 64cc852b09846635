"""The facts about the learner's app: how it answers, and what it stores."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tutor.judge.evidence.evidence import LEARNER_SECONDS
from tutor.postgres.catalog.catalog import read_catalog
from tutor.postgres.rows import all_keys, read_keys, read_row
from tutor.workspace.code.app import ServedApp
from tutor.workspace.environment.target import target_of

if TYPE_CHECKING:
    from tutor.judge.evidence.evidence import Evidence
    from tutor.postgres.rows import Key


class AppEvidence:
    """The learner's app, to be served on a copy at the head of their revisions."""

    def __init__(self, evidence: Evidence) -> None:
        """Start the app's process: it gets ready while the revisions are replayed."""
        self._evidence = evidence
        self._server = evidence.case.server
        root = evidence.case.workspace.root
        self._app = ServedApp(root, target_of(self._server), timeout=LEARNER_SECONDS)
        self._app.get_ready()

    def serve(self) -> ServedApp:
        """Return the app, to be served (`with`) on the copy."""
        self._app.copy = replace(target_of(self._server), database=self._database)
        return self._app

    def close(self) -> None:
        """End the app's process."""
        self._app.close()

    @cached_property
    def _database(self) -> str:
        name = self._evidence.copy("app")
        self._evidence.aim(name)
        self._evidence.runner.alembic("upgrade", "heads")
        return name

    def keys(self, table: str) -> set[Key]:
        """Return the primary keys of a table's rows in the copy."""
        with self._server.connect(self._database) as connection:
            return read_keys(connection, read_catalog(connection), table)

    def row(self, table: str, key: Key) -> dict[str, Any]:
        """Return a row of the copy by its primary key, as JSON values by column."""
        with self._server.connect(self._database) as connection:
            found: dict[str, Any] = json.loads(
                read_row(connection, read_catalog(connection), table, key)
            )
        return found

    def existing_keys(self) -> dict[str, str]:
        """Return, for each table of the copy that has rows, the first column of one key."""
        with self._server.connect(self._database) as connection:
            keys = all_keys(connection, read_catalog(connection))
        return {table: min(found)[0] for table, found in keys.items() if found}
