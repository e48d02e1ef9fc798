"""Lists that may be long: keyset pages, of what the caller may see and of companies that are not hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from strongroom.kernel.repositories import Page, Part, Repository, page_of
from strongroom.kernel.sessions import now_of
from strongroom.systems.biotech.models import (
    Alert,
    AlertTrigger,
    Client,
    Company,
    DrugCandidate,
    MAScore,
    Report,
    Signal,
    Webhook,
    WebhookDelivery,
)
from strongroom.systems.biotech.repositories import (
    BY_SIZE,
    NEWEST_FIRST,
    CompanyRepository,
    companies_matching,
    live_candidates,
    live_signals,
    reports_between,
    scores_of_company,
    signals_of_company,
)
from strongroom.systems.biotech.repositories.companies import Match
from strongroom.systems.biotech.repositories.deliveries import deliveries_matching
from strongroom.systems.biotech.repositories.triggers import triggers
from strongroom.systems.biotech.rules.enums import (
    AlertType,
    ClientType,
    DeliveryStatus,
    Phase,
    ReportStatus,
    ReportType,
    Severity,
    TherapeuticArea,
    TriggerStatus,
)
from strongroom.systems.biotech.rules.payloads import normalise_signal_type

RowT = TypeVar("RowT")


@dataclass(frozen=True, slots=True)
class SignalFilter:
    """Which signals. Dates are included; min_severity: that level or above; severity: exactly that level."""

    signal_types: tuple[str, ...] = ()
    start_date: datetime | None = None
    end_date: datetime | None = None
    min_severity: Severity | None = None
    severity: Severity | None = None


def page_companies(
    session: Session,
    part: Part,
    *,
    name: str | None = None,
    therapeutic_areas: Sequence[TherapeuticArea] = (),
    match: Match = "all",
    min_market_cap: Decimal | None = None,
    max_market_cap: Decimal | None = None,
    is_cash_constrained: bool | None = None,
) -> Page[Company]:
    """The largest first. match: whether all of the areas are needed, or any."""
    wanted = (name, tuple(therapeutic_areas), min_market_cap, max_market_cap, is_cash_constrained, match)
    return _page(session, companies_matching(*wanted), BY_SIZE, part, ("companies", *wanted))


def page_candidates(
    session: Session, part: Part, *, therapeutic_area: TherapeuticArea | None = None, phase: Phase | None = None
) -> Page[DrugCandidate]:
    """Of all companies, by name."""
    wants = {DrugCandidate.therapeutic_area: therapeutic_area, DrugCandidate.phase: phase}
    query = _where(live_candidates(), wants)
    order = (DrugCandidate.name, DrugCandidate.id)
    return _page(session, query, order, part, ("candidates", therapeutic_area, phase))


def page_signals(session: Session, part: Part, wanted: SignalFilter, *, company_id: UUID | None = None) -> Page[Signal]:
    """Newest first, of one company or of all. Raises CompanyNotFound."""
    scope = ("signals", company_id, wanted)
    return _page(session, _signals(session, wanted, company_id), NEWEST_FIRST, part, scope)


def page_recent_signals(session: Session, part: Part, *, days: int, severity: Severity | None = None) -> Page[Signal]:
    """Of the last days and all companies, newest first; severity: of exactly that level."""
    wanted = SignalFilter(start_date=now_of(session) - timedelta(days=days), severity=severity)
    return _page(session, _signals(session, wanted), NEWEST_FIRST, part, ("recent signals", days, severity))


def page_scores(session: Session, part: Part, company_id: UUID, *, days: int | None = None) -> Page[MAScore]:
    """A company's scores, newest first; days: of the last so many days. Raises CompanyNotFound."""
    query = scores_of_company(CompanyRepository(session).get(company_id).id)
    if days is not None:
        query = query.where(MAScore.score_date >= now_of(session) - timedelta(days=days))
    return _page(session, query, (MAScore.score_date.desc(),), part, ("scores", company_id, days))


def page_reports(
    session: Session,
    part: Part,
    client_id: UUID | None,
    *,
    report_type: ReportType | None = None,
    delivery_status: ReportStatus | None = None,
    start_date: datetime | None = None,
    end_date: datetime | None = None,
) -> Page[Report]:
    """Of one client, or all; newest first. Dates are included."""
    wants = {Report.client_id: client_id, Report.report_type: report_type, Report.delivery_status: delivery_status}
    scope = ("reports", client_id, report_type, delivery_status, start_date, end_date)
    order = (Report.report_date.desc(), Report.id.desc())
    return _page(session, _where(reports_between(start_date, end_date), wants), order, part, scope)


def page_alerts(
    session: Session,
    part: Part,
    client_id: UUID | None,
    *,
    alert_type: AlertType | None = None,
    is_active: bool | None = None,
) -> Page[Alert]:
    """Of one client, or all; oldest first."""
    wants = {Alert.client_id: client_id, Alert.alert_type: alert_type, Alert.is_active: is_active}
    scope = ("alerts", client_id, alert_type, is_active)
    return _page(session, _where(select(Alert), wants), (Alert.created_at, Alert.id), part, scope)


def page_triggers(
    session: Session,
    part: Part,
    client_id: UUID | None,
    *,
    alert_id: UUID | None = None,
    company_id: UUID | None = None,
    status: TriggerStatus | None = None,
) -> Page[AlertTrigger]:
    """The times alerts went off: of one client's, or all; newest first."""
    query = _where(triggers(alert_id, company_id, client_id), {AlertTrigger.status: status}).where(
        or_(AlertTrigger.company_id.is_(None), AlertTrigger.company_id.in_(select(Company.id)))
    )
    scope = ("triggers", client_id, alert_id, company_id, status)
    order = (AlertTrigger.triggered_at.desc(), AlertTrigger.id.desc())
    return _page(session, query, order, part, scope)


def page_webhooks(
    session: Session, part: Part, client_id: UUID | None, *, is_active: bool | None = None
) -> Page[Webhook]:
    """Of one client, or all; oldest first."""
    query = _where(select(Webhook), {Webhook.client_id: client_id, Webhook.is_active: is_active})
    scope = ("webhooks", client_id, is_active)
    return _page(session, query, (Webhook.created_at, Webhook.id), part, scope)


def page_deliveries(
    session: Session, part: Part, webhook_id: UUID, *, status: DeliveryStatus | None = None
) -> Page[WebhookDelivery]:
    """Events for one webhook, newest first. Whose it is was checked before."""
    order = (WebhookDelivery.id.desc(),)
    scope = ("deliveries", webhook_id, status)
    return _page(session, deliveries_matching(status, webhook_id), order, part, scope)


def page_clients(
    session: Session, part: Part, *, client_type: ClientType | None = None, is_active: bool | None = None
) -> Page[Client]:
    """Oldest first."""
    query = _where(select(Client), {Client.client_type: client_type, Client.is_active: is_active})
    scope = ("clients", client_type, is_active)
    return _page(session, query, (Client.created_at, Client.id), part, scope)


def _signals(session: Session, wanted: SignalFilter, company_id: UUID | None = None) -> Select[Signal]:
    if company_id is None:
        query = live_signals(wanted.start_date)
    else:
        company = CompanyRepository(session).get(company_id)
        query = signals_of_company(company.id, start_date=wanted.start_date)
    if wanted.end_date is not None:
        query = query.where(Signal.event_date <= wanted.end_date)
    if wanted.signal_types:
        query = query.where(Signal.signal_type.in_([normalise_signal_type(name) for name in wanted.signal_types]))
    if wanted.min_severity is not None:
        query = query.where(Signal.severity.in_(wanted.min_severity.and_above()))
    return _where(query, {Signal.severity: wanted.severity})


def _where(query: Select[RowT], wants: dict[Any, Any]) -> Select[RowT]:
    """With the columns that must have a value; None: any."""
    return query.where(*(column == value for column, value in wants.items() if value is not None))


def _page(
    session: Session, query: Select[RowT], order: Sequence[Any], part: Part, scope: Sequence[object]
) -> Page[RowT]:
    rows: Repository[Session, RowT] = Repository(session)
    return page_of(rows, query, order, part, *scope)
