"""Relationships are loaded by asking for them; forgetting to says how, and costs no hidden query."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from strongroom.kernel.errors import RelationshipNotLoaded
from strongroom.kernel.sessions import AsyncDatabase, Database
from strongroom.systems.banking.models import User
from strongroom.systems.banking.repositories import UserRepository


def _accounts_by_surprise(session: Session) -> int:
    return len(session.scalars(select(User)).one().accounts)


def test_a_relationship_that_was_not_loaded_names_the_way_to_load_it(any_database: Database) -> None:
    any_database.write(lambda session: UserRepository(session).create_user("a@example.com", "Ada", "Lovelace"))
    for verb in (any_database.read, any_database.write):
        with pytest.raises(RelationshipNotLoaded, match=r"selectinload\(User\.accounts\)"):
            verb(_accounts_by_surprise)
    loaded = select(User).options(selectinload(User.accounts))
    assert any_database.read(lambda session: session.scalars(loaded).one().accounts) == []


async def test_the_same_is_said_to_asynchronous_callers(any_async_database: AsyncDatabase) -> None:
    await any_async_database.write(lambda session: UserRepository(session).create_user("a@example.com", "Ada", "L"))
    with pytest.raises(RelationshipNotLoaded):
        await any_async_database.read(_accounts_by_surprise)
