"""Entering a company once, however often the request has to be sent: the key of the request makes the company's id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import IdempotencyConflict
from strongroom.kernel.sessions import actor_of
from strongroom.kernel.values import keyed_id
from strongroom.systems.portfolio.models import Company, signature
from strongroom.systems.portfolio.models.companies import companies_history
from strongroom.systems.portfolio.repositories import insert_unless_there
from strongroom.systems.portfolio.services import companies


def create_company(session: Session, key: str | None, /, **values: Any) -> Company:
    """`companies.create_company`; with a key, a repetition gives the company that the first request made.

    Keys belong to whoever acts and never expire. Raises IdempotencyConflict when the key entered another company,
    CompanyNotFound when that one was removed since, and all that creating one raises.
    """
    if key is None:
        return companies.create_company(session, **values)
    sent = Company(
        id=keyed_id("portfolio.companies", str(actor_of(session).id), key), created_by=signature(session), **values
    )
    if not insert_unless_there(session, sent):
        entered = _as_entered(session, sent.id)
        if any(entered[name] != getattr(sent, name) for name in values):
            raise IdempotencyConflict
    return companies.get_company(session, sent.id)


def _as_entered(session: Session, company_id: UUID) -> Mapping[Any, Any]:
    """The company's first version."""
    versions = select(companies_history).where(companies_history.c.id == company_id)
    in_order = versions.order_by(companies_history.c.known_from, companies_history.c.history_id)
    return session.execute(in_order.limit(1)).one()._mapping
