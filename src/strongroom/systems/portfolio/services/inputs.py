"""What companies send for a quarter: sent, restated, taken back; what follows from it changes in the same moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any, Unpack
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.values import new_id
from strongroom.systems.portfolio.errors import InputNotFound
from strongroom.systems.portfolio.models import Company, MetricsInput, signature
from strongroom.systems.portfolio.repositories import (
    InputRepository,
    Listing,
    QuarterFilters,
    as_key,
    find_row,
    inputs_between,
    list_quarters,
    put_rows,
)
from strongroom.systems.portfolio.rules import Submission, check_figures, check_submission
from strongroom.systems.portfolio.services.deriving import derive
from strongroom.systems.portfolio.services.recomputing import lock_company

#: what follows from the others and is never changed by itself
_PERIODS = ("fiscal_reporting_quarter", "reporting_year", "reporting_quarter")
_CHANGEABLE = {field.name for field in fields(Submission)} - {"fiscal_reporting_date", *_PERIODS}


def submit(session: Session, company_id: UUID | str, submission: Submission) -> MetricsInput:
    """Store a quarter, or restate it, and all that follows from it in every currency; all of it or nothing.

    Exchange rates are those of the quarter's last day. Raises CompanyNotFound, InvalidValue, RateUnavailable.
    """
    return submit_quarters(session, company_id, [submission])[0]


def submit_quarters(session: Session, company_id: UUID | str, submissions: Sequence[Submission]) -> list[MetricsInput]:
    """Several quarters of one company, in any order, at the price of one. Raises as `submit`."""
    company = lock_company(session, company_id)
    days = [submission.fiscal_reporting_date for submission in submissions]
    if len(set(days)) < len(days):
        raise InvalidValue(field="fiscal_reporting_date", reason="is given twice")
    if not days:
        return []
    known = {
        row.fiscal_reporting_date: row
        for row in session.scalars(
            inputs_between(company.id, min(days), max(days)), execution_options={"populate_existing": True}
        )
    }
    return _put(
        session, company, [_checked(company, sent, known.get(sent.fiscal_reporting_date)) for sent in submissions]
    )


def update_input(session: Session, input_id: UUID | str, /, **changes: Any) -> MetricsInput:
    """Restate some figures of a quarter; its day stays: to move a quarter, delete it and send it again.

    Raises InputNotFound, InvalidValue, RateUnavailable; TypeError for what is no figure.
    """
    if refused := changes.keys() - _CHANGEABLE:
        raise TypeError(f"update_input does not change {', '.join(sorted(refused))}")
    company, row = _lock_input(session, input_id)
    submission = Submission(
        **{name: getattr(row, name) for name in _CHANGEABLE} | changes,
        fiscal_reporting_date=row.fiscal_reporting_date,
    )
    return _put(session, company, [_checked(company, submission, row)])[0]


def delete_input(session: Session, input_id: UUID | str) -> None:
    """Take a quarter back: what followed from it goes, the quarters after it are worked out again.

    What was known of it before stays readable. Raises InputNotFound.
    """
    company, row = _lock_input(session, input_id)
    row.last_updated_by = signature(session)
    session.flush()
    session.delete(row)
    derive(session, company, [row.fiscal_reporting_date])


def get_input(session: Session, input_id: UUID | str, *, known_at: datetime | None = None) -> MetricsInput:
    """What was sent, by id; as it was known at a moment, if one is given. Raises InputNotFound."""
    if known_at is None:
        return InputRepository(session).get(input_id)
    key = as_key(input_id, InputNotFound)
    return _present(find_row(session, MetricsInput, lambda row: [row.id == key], known_at=known_at))


def get_input_of_quarter(
    session: Session, company_id: UUID, fiscal_reporting_date: date, *, known_at: datetime | None = None
) -> MetricsInput:
    """What the company sent for the quarter that ends on that day. Raises InputNotFound."""
    sent = list_inputs(session, company_id=company_id, day=fiscal_reporting_date, limit=1, known_at=known_at).items
    return _present(sent[0] if sent else None)


def get_latest_input(session: Session, company_id: UUID, *, known_at: datetime | None = None) -> MetricsInput:
    """What the company sent for its latest quarter. Raises InputNotFound."""
    newest = list_inputs(session, company_id=company_id, limit=1, known_at=known_at).items
    return _present(newest[0] if newest else None)


def list_inputs(
    session: Session,
    *,
    skip: int = 0,
    limit: int = 100,
    known_at: datetime | None = None,
    **wanted: Unpack[QuarterFilters],
) -> Listing[MetricsInput]:
    """Newest quarter first. Raises InvalidValue."""
    return list_quarters(session, MetricsInput, wanted, skip=skip, limit=limit, known_at=known_at)


def _checked(company: Company, submission: Submission, known: MetricsInput | None) -> Submission:
    """A company that has moved the end of its year since still restates the quarters it reported before."""
    if known is None:
        return check_submission(submission, company.year_end_date.month)
    return check_figures(submission, known.fiscal_reporting_quarter)


def _put(session: Session, company: Company, checked: Sequence[Submission]) -> list[MetricsInput]:
    """Store quarters of a locked company and what follows from them."""
    signed = {"company_id": company.id, "created_by": signature(session)}
    rows = [{"id": new_id(), **signed, **asdict(submission)} for submission in checked]
    put_rows(session, MetricsInput, ("company_id", "fiscal_reporting_date"), rows)
    days = [submission.fiscal_reporting_date for submission in checked]
    stored = derive(session, company, days, with_new_rates=days)
    return [stored[day] for day in days]


def _lock_input(session: Session, input_id: UUID | str) -> tuple[Company, MetricsInput]:
    """An input with its company locked, so that it is read after the last change of it."""
    company = lock_company(session, get_input(session, input_id).company_id)
    row = find_row(session, MetricsInput, lambda it: [it.id == as_key(input_id, InputNotFound)])
    return company, _present(row)


def _present(row: MetricsInput | None) -> MetricsInput:
    if row is None:
        raise InputNotFound
    return row
