"""What tests of webhooks begin with: keys, a company, a webhook, events that can be told apart."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from strongroom.kernel.encryption import Keyring
from strongroom.systems.biotech.models import Company, Webhook, WebhookDelivery
from strongroom.systems.biotech.options import BiotechOptions
from strongroom.systems.biotech.rules.enums import WebhookEvent
from strongroom.systems.biotech.services import webhooks
from strongroom.systems.biotech.services.outbox import Event, lock_companies, publish
from strongroom.systems.biotech.services.webhooks import NewSecret

KEY = b"a key for tests and nothing else"
#: webhooks may lead to a receiver on this machine
OPTIONS = BiotechOptions(keyring=Keyring(KEY), allow_private_targets=True, allow_http_targets=True)


def add_company(session: Session, /, ticker: str = "ABCD", **values: Any) -> Company:
    company = Company(ticker=ticker, name=f"{ticker} Therapeutics", market_cap_usd=10**9, cash_position_usd=10**8)
    for name, value in values.items():
        setattr(company, name, value)
    session.add(company)
    session.flush()
    return company


def add_webhook(session: Session, url: str, /, **values: Any) -> NewSecret:
    """A webhook that wants new signals and tries again after a second, unless told otherwise."""
    wanted: dict[str, Any] = {
        "name": "hook",
        "event_types": ["new_signal"],
        "retry_policy": {"max_retries": 3, "retry_delay_seconds": 1},
        "timeout_seconds": 5,
        "options": OPTIONS,
    }
    return webhooks.create_webhook(session, url=url, **{**wanted, **values})


def publish_numbers(session: Session, company_id: UUID | None, *numbers: int) -> None:
    """One event for each number, in this order, in one transaction."""
    companies = lock_companies(session, {company_id} if company_id else ())
    company = companies[company_id] if company_id else None
    ticker = company.ticker if company else None
    events = [Event(WebhookEvent.NEW_SIGNAL, {"ticker": ticker, "number": number}, company) for number in numbers]
    publish(session, events)


def find_deliveries(session: Session) -> list[WebhookDelivery]:
    """All there are, in order of their streams and numbers."""
    order = (WebhookDelivery.webhook_id, WebhookDelivery.company_id, WebhookDelivery.position)
    return list(session.scalars(select(WebhookDelivery).order_by(*order)))


def get_webhook(session: Session, webhook_id: UUID) -> Webhook:
    return session.get_one(Webhook, webhook_id)
