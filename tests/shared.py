"""A database that the tests of one module share, because none of them changes it for the others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pytest_postgresql.janitor import DatabaseJanitor

from tests.conftest import Database


@contextmanager
def shared_database(request: pytest.FixtureRequest, kind: str, name: str) -> Iterator[Database]:
    """A clone of the migrated template on one kind of server."""
    server = request.getfixturevalue(f"{kind}_server")
    template = request.getfixturevalue(f"{kind}_template")
    janitor = DatabaseJanitor(
        user=server.user,
        host=server.host,
        port=server.port,
        dbname=f"{name}_{request.getfixturevalue('worker_id')}",
        template_dbname=template.template_dbname,
        maintenance_dbname=template.maintenance_dbname,
    )
    janitor.drop()
    with janitor:
        database = Database(server, janitor.dbname)
        yield database
        database.close()
