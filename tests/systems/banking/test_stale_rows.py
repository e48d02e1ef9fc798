"""A row with a version: whoever saves a stale copy is told to read it again, or is run again."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from strongroom.kernel.sessions import Database
from strongroom.systems.banking.models import User
from strongroom.systems.banking.repositories import UserRepository


def test_an_action_that_lost_a_race_for_a_row_is_run_again_on_the_new_row(any_database: Database) -> None:
    user = any_database.write(lambda session: UserRepository(session).create_user("a@example.com", "Ada", "L"))
    runs: list[int] = []

    def rename(session: Session) -> None:
        row = UserRepository(session).get(user.id)
        if not runs:  # as if another transaction had been faster
            session.execute(text("UPDATE banking.users SET version = version + 1"))
        runs.append(row.version)
        row.first_name = "Grace"

    any_database.write(rename)
    assert len(runs) == 2
    assert any_database.read(lambda session: session.get_one(User, user.id)).first_name == "Grace"
