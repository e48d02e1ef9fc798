"""Signals of a company, of a type, of the last days; and many at once, each taken in only once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.repositories import Repository, SessionT, operation, query
from strongroom.kernel.sessions import now_of
from strongroom.systems.biotech.errors import SignalNotFound
from strongroom.systems.biotech.models import Company, Signal
from strongroom.systems.biotech.repositories.ingestion import copy_new, insert_new
from strongroom.systems.biotech.repositories.writing import bounded, given, settable
from strongroom.systems.biotech.rules.enums import Severity
from strongroom.systems.biotech.rules.payloads import normalise_payload, normalise_signal_type

_GIVEN = settable(Signal)
NEWEST_FIRST = (Signal.event_date.desc(), Signal.id.desc())


@query
def signals_of_company(
    company_id: UUID,
    signal_types: Sequence[str] | None = None,
    start_date: datetime | None = None,
    end_date: datetime | None = None,
    min_severity: Severity | str | None = None,
) -> Select[Signal]:
    """Dates are included; min_severity means that level or above."""
    found = _between(select(Signal).where(Signal.company_id == company_id), start_date, end_date)
    if signal_types is not None:
        found = found.where(Signal.signal_type.in_([normalise_signal_type(name) for name in signal_types]))
    if min_severity is not None:
        found = found.where(Signal.severity.in_(_severity(min_severity, "min_severity").and_above()))
    return found


@query
def live_signals(start_date: datetime | None = None) -> Select[Signal]:
    """Those of companies that are not hidden."""
    return _between(select(Signal).join(Company, Company.id == Signal.company_id), start_date, None)


class SignalRepository(Repository[SessionT, Signal]):
    """Signals, newest first."""

    row = Signal
    not_found = SignalNotFound

    @operation
    def create(
        self: SignalRepository[Session],
        /,
        company_id: UUID | str,
        signal_type: str,
        event_date: datetime,
        title: str,
        severity: Severity | str = Severity.MEDIUM,
        **values: Any,
    ) -> Signal:
        """Add a signal. What signal_data of a known type must hold is checked; a naive event_date is UTC."""
        signal = build_signal(company_id, signal_type, event_date, title, severity, **values)
        return self.add(signal)

    @operation
    def get_by_company(
        self: SignalRepository[Session],
        company_id: UUID,
        signal_types: Sequence[str] | None = None,
        start_date: datetime | None = None,
        end_date: datetime | None = None,
        min_severity: Severity | str | None = None,
        limit: int = 100,
    ) -> Sequence[Signal]:
        """A company's signals. Dates are included; min_severity: that level or above, ValueError for none there is."""
        limit, _ = bounded(limit)
        found = signals_of_company(company_id, signal_types, start_date, end_date, min_severity)
        return self.session.scalars(found.order_by(*NEWEST_FIRST).limit(limit)).all()

    @operation
    def get_by_type(
        self: SignalRepository[Session], signal_type: str, start_date: datetime | None = None, limit: int = 100
    ) -> Sequence[Signal]:
        """Signals of one type, of all companies."""
        limit, _ = bounded(limit)
        found = live_signals(start_date).where(Signal.signal_type == normalise_signal_type(signal_type))
        return self.session.scalars(found.order_by(*NEWEST_FIRST).limit(limit)).all()

    @operation
    def get_recent(
        self: SignalRepository[Session], days: int = 7, severity: Severity | str | None = None, limit: int = 100
    ) -> Sequence[Signal]:
        """Signals of the last days, of all companies; severity: of exactly that level."""
        limit, _ = bounded(limit)
        found = live_signals(now_of(self.session) - timedelta(days=days))
        if severity is not None:
            found = found.where(Signal.severity == _severity(severity, "severity"))
        return self.session.scalars(found.order_by(*NEWEST_FIRST).limit(limit)).all()

    @operation
    def get_count_by_type(
        self: SignalRepository[Session], company_id: UUID | None = None, start_date: datetime | None = None
    ) -> dict[str, int]:
        """How many signals of each type, of one company or of all."""
        of = live_signals(start_date) if company_id is None else signals_of_company(company_id, start_date=start_date)
        counts = of.with_only_columns(Signal.signal_type, func.count()).group_by(Signal.signal_type)
        return {name: count for name, count in self.session.execute(counts.order_by(Signal.signal_type))}

    @operation
    def add_new(self: SignalRepository[Session], signals: Sequence[Signal]) -> list[Signal]:
        """Add signals that name their source; those whose source and external_id are there already are left out.

        Returns what was added, in the order given.
        """
        return insert_new(self.session, signals)

    @operation
    def copy_new(self: SignalRepository[Session], signals: Iterable[Signal]) -> int:
        """The same for very many, streamed: only how many were added is known in the end."""
        return copy_new(self.session, signals)


def build_signal(
    company_id: UUID | str,
    signal_type: str,
    event_date: datetime,
    title: str,
    severity: Severity | str = Severity.MEDIUM,
    **values: Any,
) -> Signal:
    """A signal that is not stored yet, with its payload checked."""
    kind = normalise_signal_type(signal_type)
    payload = normalise_payload(kind, values.pop("signal_data", {}))
    return Signal(
        company_id=company_id,
        signal_type=kind,
        event_date=event_date,
        title=title,
        severity=severity,
        signal_data=payload,
        **given(values, _GIVEN),
    )


def _between(found: Select[Signal], start: datetime | None, end: datetime | None) -> Select[Signal]:
    if start is not None:
        found = found.where(Signal.event_date >= start)
    return found if end is None else found.where(Signal.event_date <= end)


def _severity(level: Severity | str, field: str) -> Severity:
    try:
        return Severity(level)
    except ValueError:
        raise InvalidValue(field=field, reason=f"must be one of {', '.join(Severity)}") from None
