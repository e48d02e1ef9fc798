"""Who has not reported yet: the reminder list of a quarter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from strongroom.systems.portfolio.rules.quarters import FundQuarter, expected_date, fund_quarter
from strongroom.systems.portfolio.services.figures import CompanyFacts, moment_known
from strongroom.systems.portfolio.services.snapshot import last_reports


@dataclass(frozen=True, slots=True)
class MissingSubmission:
    """A company without figures for the quarter.

    expected_date: the last day of its fiscal quarter. days_late: since that day, 0 before it. quarters_silent:
    quarters of the fund since the last one it reported, None when it never has.
    """

    company: CompanyFacts
    expected_date: date
    days_late: int
    last_reported: date | None
    quarters_silent: int | None


@dataclass(frozen=True, slots=True)
class MissingList:
    """The active companies that have not reported a quarter, by name, as known at a moment."""

    quarter: FundQuarter
    known_at: datetime
    companies: int
    missing: tuple[MissingSubmission, ...]


def missing_submissions(
    session: Session, quarter: FundQuarter, *, fund: str | None = None, known_at: datetime | None = None
) -> MissingList:
    """Active companies without an input for the quarter. One statement. Raises InvalidValue for a known_at to come."""
    moment = moment_known(session, known_at)
    reports = last_reports(session, quarter, fund=fund, known_at=known_at)
    missing = tuple(
        _missing(company, last, quarter, moment.date())
        for company, last in reports
        if last is None or fund_quarter(last) != quarter
    )
    return MissingList(quarter, moment, len(reports), missing)


def _missing(company: CompanyFacts, last: date | None, quarter: FundQuarter, today: date) -> MissingSubmission:
    expected = expected_date(company.year_end_date.month, quarter)
    silent = None if last is None else quarter.since(fund_quarter(last))
    return MissingSubmission(company, expected, max((today - expected).days, 0), last, silent)
