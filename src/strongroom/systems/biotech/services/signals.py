"""Signals come in one by one or by the thousand, each once however often it is sent; alerts hear of the new ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.biotech.errors import CompanyNotFound, SignalNotFound
from strongroom.systems.biotech.models import Company, Signal
from strongroom.systems.biotech.repositories import CompanyRepository, SignalRepository, build_signal
from strongroom.systems.biotech.repositories.batches import portions
from strongroom.systems.biotech.rules.companies import normalise_ticker
from strongroom.systems.biotech.services.alerts import evaluate_signals, is_anyone_waiting_for_signals

Item = Mapping[str, Any]

_REQUIRED = ("signal_type", "event_date", "title")


@dataclass(frozen=True, slots=True)
class Ingested:
    """A signal as it is stored. is_new: False when it had come in before, and was left as it was."""

    signal: Signal
    is_new: bool


@dataclass(frozen=True, slots=True)
class IngestedMany:
    """added: how many signals are new. repeated: how many had come in before, or twice in the batch."""

    added: int
    repeated: int


def ingest(session: Session, /, **values: Any) -> Ingested:
    """Take in one signal. values: a signal's columns, with `ticker` where the company_id is not known.

    source and external_id together make it one of a kind: sent again, it is given back as it was stored. Raises
    InvalidValue, CompanyNotFound.
    """
    signal = _with_companies(session, [values], [_read(values)])[0]
    added = SignalRepository(session).add_new([signal])
    if added:
        evaluate_signals(session, added)
        return Ingested(added[0], is_new=True)
    known = select(Signal).where(Signal.source == signal.source, Signal.external_id == signal.external_id)
    return Ingested(session.scalars(known).one(), is_new=False)


def ingest_many(session: Session, items: Iterable[Item], *, announce: bool = True) -> IngestedMany:
    """Take in many signals, all or none. items: see `ingest`; read as they are needed. Sent again, they add nothing.

    announce: False for the records of the past, of which nobody needs to be told; they are also stored faster. A
    signal without an external_id is new each time. Raises InvalidValue, whose field begins with the item's place
    from 0, and CompanyNotFound.
    """
    repository = SignalRepository(session)
    announce = announce and is_anyone_waiting_for_signals(session)
    seen, added, news = 0, 0, []
    for portion in portions(items):
        # in one order: two batches of the same signals wait for one another, not in a circle
        signals = sorted(
            _check(session, portion, seen), key=lambda signal: (signal.source or "", signal.external_id or "")
        )
        seen += len(signals)
        if announce:
            new = repository.add_new(signals)
            added += len(new)
            news += new
        else:
            added += repository.copy_new(signals)
    evaluate_signals(session, sorted(news, key=lambda signal: (signal.company_id, signal.event_date)))
    return IngestedMany(added, repeated=seen - added)


def get_signal(session: Session, signal_id: UUID) -> Signal:
    """Raises SignalNotFound, also when its company was deleted."""
    signal = SignalRepository(session).get(signal_id)
    if CompanyRepository(session).find(signal.company_id) is None:
        raise SignalNotFound
    return signal


def count_by_type(
    session: Session, company_id: UUID | None = None, start_date: datetime | None = None
) -> dict[str, int]:
    """How many signals of each type, of one company or of all. Raises CompanyNotFound."""
    if company_id is not None:
        CompanyRepository(session).get(company_id)
    return SignalRepository(session).get_count_by_type(company_id, start_date)


def _check(session: Session, items: Sequence[Item], first: int) -> list[Signal]:
    signals = []
    for place, item in enumerate(items, first):
        try:
            signals.append(_read(item))
        except InvalidValue as error:
            raise InvalidValue(field=f"{place}.{error.facts['field']}", reason=error.facts["reason"]) from None
    return _with_companies(session, items, signals)


def _read(item: Item) -> Signal:
    """The item as a signal that is not stored yet; where it names a ticker, its company is still to be found."""
    for name in _REQUIRED:
        if item.get(name) is None:
            raise InvalidValue(field=name, reason="must be given")
    if "ticker" in item:
        normalise_ticker(item["ticker"])
    columns = {name: value for name, value in item.items() if name != "ticker"}
    return build_signal(columns.pop("company_id", None), **columns)


def _with_companies(session: Session, items: Sequence[Item], signals: Sequence[Signal]) -> list[Signal]:
    """The signals, each with its company, in one query for all. Raises CompanyNotFound."""
    tickers = [normalise_ticker(item["ticker"]) if "ticker" in item else None for item in items]
    wanted = Company.ticker.in_({ticker for ticker in tickers if ticker}) | Company.id.in_(
        {signal.company_id for signal in signals if signal.company_id}
    )
    ids: dict[str, UUID] = {
        ticker: company_id for company_id, ticker in session.execute(select(Company.id, Company.ticker).where(wanted))
    }
    for ticker, signal in zip(tickers, signals, strict=True):
        if ticker is not None and ticker in ids:
            signal.company_id = ids[ticker]
        elif ticker is not None or signal.company_id not in ids.values():
            raise CompanyNotFound
    return list(signals)
