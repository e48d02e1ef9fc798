"""What the key figures of a period are made of: sums of series, from one statement over their points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.values import WIDE, Period
from strongroom.systems.forecasting.models import TrainedModel
from strongroom.systems.forecasting.repositories.parts import Part, read_parts
from strongroom.systems.forecasting.rules import CategoryEnum, MeasureEnum, PeriodEnum
from strongroom.systems.forecasting.rules.kpis import Amounts, previous_period
from strongroom.systems.forecasting.rules.returns import Returns, returns_of
from strongroom.systems.forecasting.services.histories import check_currency, chosen, pick_upload, values_of


@dataclass(frozen=True, slots=True)
class KpiInputs:
    """before: the period of equal length before. actual, budget: of what the model forecasts.

    returns: of the periods, such as months, that begin within the report's; the first is over the last one before.
    """

    upload_id: UUID
    budget_upload_id: UUID | None
    currency: str | None
    before: Period
    amounts: Amounts
    actual: Decimal | None
    budget: Decimal | None
    period: PeriodEnum
    returns: Returns

    def to_dict(self) -> dict[str, Any]:
        """For JSON; amounts as text, so that no digit is lost."""
        amounts = self.amounts
        told = {
            "revenue": amounts.revenue,
            "previous_revenue": amounts.previous_revenue,
            "operating_expense": amounts.operating_expense,
            "operating_income": amounts.operating_income,
            "net_income": amounts.net_income,
            "actual": self.actual,
            "budget": self.budget,
        }
        return {
            "upload_id": str(self.upload_id),
            "budget_upload_id": self.budget_upload_id and str(self.budget_upload_id),
            "previous_period": {"start": self.before.start.isoformat(), "end": self.before.end.isoformat()},
            "period": self.period.value,
            "inputs": {name: None if amount is None else str(amount) for name, amount in told.items()},
            "returns": {"count": len(self.returns.known), "skipped": self.returns.skipped},
        }


def read_inputs(
    session: Session,
    model: TrainedModel,
    span: Period,
    *,
    upload_id: UUID | None = None,
    budget_upload_id: UUID | None = None,
    budget: Decimal | None = None,
    net_income: Decimal | None = None,
    period: PeriodEnum | None = None,
) -> KpiInputs:
    """See ReportChoices for what is optional. Raises SeriesNotFound, UploadNotFound, MixedCurrencies."""
    upload = pick_upload(session, model, upload_id)
    plan = upload if budget_upload_id is None else pick_upload(session, model, budget_upload_id)
    before = previous_period(span)
    by = chosen(period, model, "period", PeriodEnum.MONTH)
    found = read_parts(session, {upload.id, plan.id}, by, before.start, span.end, split=span.start)
    came = [part for part in found if part.upload_id == upload.id and not part.is_budget]
    # what an upload of planned amounts holds is planned, whether it says so or not
    planned = [part for part in found if part.upload_id == plan.id and (part.is_budget or plan.id != upload.id)]
    planned = [part for part in planned if part.is_late]
    return KpiInputs(
        upload_id=upload.id,
        budget_upload_id=budget_upload_id,
        currency=check_currency([*came, *planned]),
        before=before,
        amounts=_amounts(came, net_income),
        actual=_total(_late(came), model.forecast_type),
        budget=_total(planned, model.forecast_type) if budget is None else budget,
        period=by,
        returns=_returns(came, model, by, span),
    )


def _amounts(came: Sequence[Part], net_income: Decimal | None) -> Amounts:
    now = _late(came)
    revenue, expense = _total(now, CategoryEnum.REVENUE), _total(now, CategoryEnum.EXPENSE)
    if net_income is None and revenue is not None and expense is not None:
        net_income = WIDE.subtract(revenue, expense)
    operating = _total([part for part in now if part.is_operating], CategoryEnum.EXPENSE)
    return Amounts(
        revenue=revenue,
        previous_revenue=_total([part for part in came if not part.is_late], CategoryEnum.REVENUE),
        operating_expense=Decimal(0) if operating is None and expense is not None else operating,
        net_income=net_income,
    )


def _returns(came: Sequence[Part], model: TrainedModel, by: PeriodEnum, span: Period) -> Returns:
    measure = chosen(None, model, "measure", MeasureEnum.SUM)
    values = values_of(came, by, measure).get(model.forecast_type, {})
    starts = list(values)
    found = returns_of(list(values.values())).by_period
    return Returns(tuple(each for at, each in zip(starts[1:], found, strict=False) if span.contains(at)))


def _late(parts: Iterable[Part]) -> list[Part]:
    return [part for part in parts if part.is_late]


def _total(parts: Iterable[Part], category: CategoryEnum) -> Decimal | None:
    """None when there is not one point."""
    amounts = [part.total for part in parts if part.category is category]
    return sum(amounts, Decimal(0)) if amounts else None
