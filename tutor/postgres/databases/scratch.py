"""Copies on a second server, for the learner's code to run on in a check.

Nothing of the learner's lives on that server, so nothing that a revision, a trigger or an app does
there can reach their database: no ALTER DATABASE, no ALTER ROLE, no pg_terminate_backend. Whatever
runs there runs with the learner's role, the tutor's own statements included: a trigger can do no
more in a check than in the learner's psql.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import TYPE_CHECKING

from tutor.errors import CannotActError
from tutor.postgres.catalog.catalog import VERSION_TABLE, rename_version_table
from tutor.postgres.databases import roles
from tutor.postgres.databases.copies import Copies

if TYPE_CHECKING:
    from contextlib import ExitStack

    import psycopg

    from tutor.postgres.server import Server


class Scratch:
    """The scratch databases of one check. Each method raises CannotActError where it fails.

    The server is made, or started, when something is first asked for; `held` closes the connection
    that is then kept open. Of what earlier checks left, only the mirror of `baseline` stays.
    """

    def __init__(
        self,
        origin: Server,
        workspace_id: str,
        baseline: str,
        held: ExitStack,
        *,
        version_table: tuple[str, str] | None,
    ) -> None:
        """Take the learner's server, the workspace's id and the name of the step's baseline.

        `version_table` is the live one's schema and name: the baseline's gets them too.
        """
        self._version_table = version_table or VERSION_TABLE
        self._origin = origin
        self._workspace_id = workspace_id
        self._baseline = baseline
        self._held = held

    @cached_property
    def server(self) -> Server:
        """The second server, running."""
        server = self._origin.scratch()
        self._held.enter_context(server.stay_connected())
        roles.make_learner(server)  # a revision may have changed the role: ALTER ROLE … SET
        return server

    @cached_property
    def _copies(self) -> Copies:
        copies = Copies(self.server, self._workspace_id)
        copies.sweep({self._mirror_name(copies)})
        return copies

    def _mirror_name(self, copies: Copies) -> str:
        told = f"{self._baseline} {self._version_table}"
        digest = hashlib.sha256(told.encode()).hexdigest()[:12]
        return copies.name(f"mirror_{digest}")

    @cached_property
    def mirror(self) -> str:
        """The name of the baseline's copy there: received once, then copied for each purpose."""
        name = self._mirror_name(self._copies)
        if not self._copies.exists(name):
            received = self.receive(self._baseline, "receiving")
            with self.connect(received) as connection:
                rename_version_table(connection, self._version_table)
            self._copies.rename(received, name)
        return name

    def empty(self, purpose: str) -> str:
        """Make an empty database; return its name."""
        return self._copies.empty(purpose)

    def clone(self, source: str, purpose: str) -> str:
        """Copy a scratch database; return the copy's name."""
        return self._copies.clone(source, purpose)

    def receive(self, source: str, purpose: str) -> str:
        """Copy a database of the learner's server, which nobody there notices; return its name."""
        return self._copies.receive(self._origin, source, purpose)

    def drop(self, name: str) -> None:
        """Drop a scratch database, ending the sessions in it."""
        self._copies.drop(name)

    def connect(self, database: str) -> psycopg.Connection:
        """Connect to a scratch database as the learner."""
        try:
            return self.server.connect(database, role="learner")
        except CannotActError:  # a revision may have changed the role's password
            roles.make_learner(self.server)
            return self.server.connect(database, role="learner")
