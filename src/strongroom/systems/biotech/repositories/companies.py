"""Companies by ticker, name, field and size, and the drug candidates in their pipelines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import Session, selectinload

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.repositories import SessionT, operation, query
from strongroom.kernel.tables import has_all, has_any
from strongroom.kernel.values import WIDE
from strongroom.systems.biotech.errors import CompanyNotFound, DrugCandidateNotFound
from strongroom.systems.biotech.models import Company, DrugCandidate
from strongroom.systems.biotech.repositories.writing import (
    HidingRepository,
    amount,
    bounded,
    escaped,
    given,
    settable,
)
from strongroom.systems.biotech.rules.companies import normalise_areas, normalise_ticker
from strongroom.systems.biotech.rules.enums import Phase, TherapeuticArea

Match = Literal["all", "any"]
_OF_COMPANY = settable(Company, "enterprise_value_usd")
_OF_CANDIDATE = settable(DrugCandidate, "phase_score")
BY_SIZE = (Company.market_cap_usd.desc(), Company.ticker)


@query
def company_by_ticker(ticker: str) -> Select[Company]:
    return select(Company).where(Company.ticker == ticker)


@query
def companies_matching(
    name_pattern: str | None = None,
    therapeutic_areas: Sequence[TherapeuticArea | str] | None = None,
    min_market_cap: Decimal | int | str | None = None,
    max_market_cap: Decimal | int | str | None = None,
    is_cash_constrained: bool | None = None,
    match: Match = "all",
) -> Select[Company]:
    """Every condition that is given; bounds are included. match: whether all of the areas are needed, or any."""
    found = select(Company)
    if name_pattern:
        found = found.where(Company.name.ilike(f"%{escaped(name_pattern)}%", escape="\\"))
    if therapeutic_areas:
        holds = {"all": has_all, "any": has_any}.get(match)
        if holds is None:
            raise InvalidValue(field="match", reason="must be all or any")
        found = found.where(holds(Company.therapeutic_areas, normalise_areas(therapeutic_areas)))
    if min_market_cap is not None:
        found = found.where(Company.market_cap_usd >= amount(min_market_cap, "min_market_cap"))
    if max_market_cap is not None:
        found = found.where(Company.market_cap_usd <= amount(max_market_cap, "max_market_cap"))
    if is_cash_constrained is not None:
        found = found.where(Company.is_cash_constrained.is_(is_cash_constrained))
    return found


@query
def candidates_of_company(company_id: UUID) -> Select[DrugCandidate]:
    return select(DrugCandidate).where(DrugCandidate.company_id == company_id)


@query
def live_candidates() -> Select[DrugCandidate]:
    """Those of companies that are not hidden."""
    return select(DrugCandidate).join(Company, Company.id == DrugCandidate.company_id)


class CompanyRepository(HidingRepository[SessionT, Company]):
    """Companies. Amounts are Decimal, int or text; a float is refused, as its digits are lost already."""

    row = Company
    not_found = CompanyNotFound

    @operation
    def create(
        self: CompanyRepository[Session],
        /,
        ticker: str,
        name: str,
        market_cap_usd: Decimal | int | str,
        cash_position_usd: Decimal | int | str,
        **values: Any,
    ) -> Company:
        """Add a company. values: further columns; `metadata` may be among them. Raises TickerTaken, InvalidValue."""
        company = Company(
            ticker=ticker,
            name=name,
            market_cap_usd=market_cap_usd,
            cash_position_usd=cash_position_usd,
            **given(values, _OF_COMPANY),
        )
        return self.add(company)

    @operation
    def get_by_id(
        self: CompanyRepository[Session], company_id: UUID | str, include_pipeline: bool = False
    ) -> Company | None:
        """The company, or None; with its drug candidates loaded if asked."""
        found = self._find(company_id)
        return found if found is None else self._one(select(Company).where(Company.id == found.id), include_pipeline)

    @operation
    def get_by_ticker(self: CompanyRepository[Session], ticker: str, include_pipeline: bool = False) -> Company | None:
        """The company with this ticker in capitals or not, or None."""
        try:
            normal = normalise_ticker(ticker)
        except InvalidValue:
            return None
        return self._one(company_by_ticker(normal), include_pipeline)

    @operation
    def get_all(
        self: CompanyRepository[Session], skip: int = 0, limit: int = 100, include_pipeline: bool = False
    ) -> Sequence[Company]:
        """Companies by ticker."""
        limit, skip = bounded(limit, skip)
        found = select(Company).order_by(Company.ticker).offset(skip).limit(limit)
        return self.session.scalars(_with_pipeline(found) if include_pipeline else found).all()

    @operation
    def search(
        self: CompanyRepository[Session],
        name_pattern: str | None = None,
        therapeutic_areas: Sequence[TherapeuticArea | str] | None = None,
        min_market_cap: Decimal | int | str | None = None,
        max_market_cap: Decimal | int | str | None = None,
        is_cash_constrained: bool | None = None,
        skip: int = 0,
        limit: int = 100,
        match: Match = "all",
    ) -> Sequence[Company]:
        """Companies that meet every condition given, the largest first. name_pattern: part of a name, in any case."""
        limit, skip = bounded(limit, skip)
        found = companies_matching(
            name_pattern, therapeutic_areas, min_market_cap, max_market_cap, is_cash_constrained, match
        )
        return self.session.scalars(found.order_by(*BY_SIZE).offset(skip).limit(limit)).all()

    @operation
    def find_similar(self: CompanyRepository[Session], name: str, limit: int = 10) -> Sequence[Company]:
        """Companies whose name is nearly this, the nearest first; on SQLite those whose name has it as a part."""
        limit, _ = bounded(limit)
        if self.session.get_bind().dialect.name == "sqlite":
            found = companies_matching(name_pattern=name).order_by(func.length(Company.name), Company.ticker)
        else:
            wanted = literal(name)
            likeness = func.word_similarity(wanted, Company.name)
            found = select(Company).where(wanted.bool_op("<%")(Company.name)).order_by(likeness.desc(), Company.ticker)
        return self.session.scalars(found.limit(limit)).all()

    @operation
    def update(self: CompanyRepository[Session], /, company_id: UUID | str, **values: Any) -> Company | None:
        """Set columns of a company; None when there is none. Raises TickerTaken, InvalidValue."""
        company = self._find(company_id)
        if company is None:
            return None
        for name, value in given(values, _OF_COMPANY).items():
            setattr(company, name, value)
        self.session.flush()
        return company

    @operation
    def get_cash_constrained(
        self: CompanyRepository[Session], min_runway_quarters: float = 4.0, limit: int = 100
    ) -> Sequence[Company]:
        """Companies whose cash lasts for fewer quarters than this, the shortest first."""
        limit, _ = bounded(limit)
        found = select(Company).where(Company.runway_quarters < min_runway_quarters)
        return self.session.scalars(found.order_by(Company.runway_quarters, Company.ticker).limit(limit)).all()

    @operation
    def get_statistics(self: CompanyRepository[Session]) -> dict[str, Any]:
        """total_companies, avg_market_cap, total_market_cap (US dollars, to the cent), cash_constrained_count."""
        count, total = self.session.execute(select(func.count(Company.id), func.sum(Company.market_cap_usd))).one()
        constrained = select(func.count(Company.id)).where(Company.is_cash_constrained)
        total = total or Decimal("0.00")
        average = WIDE.divide(total, Decimal(count)) if count else total
        return {
            "total_companies": count,
            "avg_market_cap": average.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP, context=WIDE),
            "total_market_cap": total,
            "cash_constrained_count": self.session.scalar(constrained) or 0,
        }

    def _one(self: CompanyRepository[Session], found: Select[Company], include_pipeline: bool) -> Company | None:
        return self.session.scalars(_with_pipeline(found) if include_pipeline else found).one_or_none()


class DrugCandidateRepository(HidingRepository[SessionT, DrugCandidate]):
    """The pipeline of each company."""

    row = DrugCandidate
    not_found = DrugCandidateNotFound

    @operation
    def create(
        self: DrugCandidateRepository[Session],
        /,
        company_id: UUID | str,
        name: str,
        phase: Phase | str,
        indication: str,
        mechanism: str,
        therapeutic_area: TherapeuticArea | str,
        **values: Any,
    ) -> DrugCandidate:
        """Add a candidate. Raises DrugCandidateExists when the company has one of this name in any case."""
        candidate = DrugCandidate(
            company_id=company_id,
            name=name,
            phase=phase,
            indication=indication,
            mechanism=mechanism,
            therapeutic_area=therapeutic_area,
            **given(values, _OF_CANDIDATE),
        )
        return self.add(candidate)

    @operation
    def get_by_id(self: DrugCandidateRepository[Session], candidate_id: UUID | str) -> DrugCandidate | None:
        """The candidate, or None."""
        return self._find(candidate_id)

    @operation
    def get_by_company(
        self: DrugCandidateRepository[Session], company_id: UUID, phase: Phase | str | None = None
    ) -> Sequence[DrugCandidate]:
        """A company's candidates, the furthest along first."""
        found = candidates_of_company(company_id)
        if phase is not None:
            found = found.where(DrugCandidate.phase == Phase(phase))
        return self.session.scalars(found.order_by(DrugCandidate.phase_score.desc(), DrugCandidate.name)).all()

    @operation
    def get_by_therapeutic_area(
        self: DrugCandidateRepository[Session], area: TherapeuticArea | str, limit: int = 100
    ) -> Sequence[DrugCandidate]:
        """Candidates of all companies in one area, the furthest along first."""
        limit, _ = bounded(limit)
        found = live_candidates().where(DrugCandidate.therapeutic_area == TherapeuticArea(area))
        order = (DrugCandidate.phase_score.desc(), DrugCandidate.name, DrugCandidate.id)
        return self.session.scalars(found.order_by(*order).limit(limit)).all()

    @operation
    def get_expiring(
        self: DrugCandidateRepository[Session], first: date, last: date, limit: int = 100
    ) -> Sequence[DrugCandidate]:
        """Candidates of all companies whose patent ends between two days, both included, the soonest first."""
        limit, _ = bounded(limit)
        found = live_candidates().where(DrugCandidate.patent_expiry.between(first, last))
        return self.session.scalars(found.order_by(DrugCandidate.patent_expiry, DrugCandidate.id).limit(limit)).all()

    @operation
    def update(
        self: DrugCandidateRepository[Session], /, candidate_id: UUID | str, **values: Any
    ) -> DrugCandidate | None:
        """Set columns of a candidate; None when there is none."""
        candidate = self._find(candidate_id)
        if candidate is None:
            return None
        for name, value in given(values, _OF_CANDIDATE).items():
            setattr(candidate, name, value)
        self.session.flush()
        return candidate


def _with_pipeline(found: Select[Company]) -> Select[Company]:
    # what the session holds of the pipeline may be older than what it has added to it
    return found.options(selectinload(Company.drug_candidates)).execution_options(populate_existing=True)
