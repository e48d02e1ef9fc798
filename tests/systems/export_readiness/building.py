"""Businesses and reports to begin from."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.encryption import NewPassword
from strongroom.kernel.sessions import Actor, Database
from strongroom.systems.export_readiness.models import Report, User
from strongroom.systems.export_readiness.services import reports, users

#: good enough where nobody signs in
PASSWORD = NewPassword("hashed")


def add_user(session: Session, /, **values: Any) -> User:
    """A small manufacturer."""
    return users.register(
        session,
        **{
            "email": "asha@example.com",
            "password": PASSWORD,
            "business_type": "Manufacturing",
            "company_size": "Small",
            "company_name": "Asha Foods",
            "monthly_volume": 1000,
            **values,
        },
    )


def add_report(session: Session, user_id: UUID, /, **values: Any) -> Report:
    """Turmeric for the United States, in the making."""
    return reports.create_report(
        session, user_id, **{"product_name": "Turmeric powder", "destination_country": "United States", **values}
    )


def acting(database: Database, user: User) -> Database:
    """The database, with everything done in the business' name."""
    return database.acting_as(Actor(user.id, user.email, frozenset({"exporter"})))


def administering(database: Database) -> Database:
    """The database, with everything done in an administrator's name."""
    return database.acting_as(Actor(None, "Ada", frozenset({"admin"})))
