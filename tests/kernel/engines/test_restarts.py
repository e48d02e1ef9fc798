"""A server that was restarted is not noticed by those who come after: the pool replaces what died with it."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from strongroom.kernel.errors import DatabaseUnavailable
from strongroom.testing.databases import ThrowAwayServer, open_async_database, opened

CONNECTIONS = 3


def one(session: Session) -> int:
    return int(session.scalar(text("SELECT 1")) or 0)


def test_pooled_connections_of_before_a_restart_are_replaced(durable_server: ThrowAwayServer) -> None:
    with opened(durable_server.create_database(), ()) as database:
        connections = [database.engine.connect() for _ in range(CONNECTIONS)]
        for connection in connections:
            connection.close()
        durable_server.kill()
        with pytest.raises(DatabaseUnavailable):
            database.read(one)
        durable_server.start()
        assert [database.read(one) for _ in range(CONNECTIONS)] == [1] * CONNECTIONS


async def test_pooled_connections_of_before_a_restart_are_replaced_asynchronously(
    durable_server: ThrowAwayServer,
) -> None:
    database = open_async_database(durable_server.create_database(), ())
    connections = [await database.engine.connect() for _ in range(CONNECTIONS)]
    for connection in connections:
        await connection.close()
    durable_server.kill()
    with pytest.raises(DatabaseUnavailable):
        await database.read(one)
    durable_server.start()
    assert [await database.read(one) for _ in range(CONNECTIONS)] == [1] * CONNECTIONS
    await database.close()
