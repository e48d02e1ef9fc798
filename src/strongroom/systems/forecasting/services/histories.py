"""The series a figure is computed from: which upload, by which period, and what each period was worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.systems.forecasting.errors import MixedCurrencies, SeriesNotFound
from strongroom.systems.forecasting.models import DataUpload, TrainedModel
from strongroom.systems.forecasting.repositories import UploadRepository
from strongroom.systems.forecasting.repositories.parts import Part, read_parts
from strongroom.systems.forecasting.rules import CategoryEnum, MeasureEnum, PeriodEnum, UploadStatusEnum
from strongroom.systems.forecasting.rules.returns import ReturnEnum, Returns, returns_of

WordT = TypeVar("WordT", bound=Enum)


@dataclass(frozen=True, slots=True)
class History:
    """What came, by category and by the beginnings of periods, oldest first; budgets are left out.

    Of days only those that are known are there, since most series rest at the weekend; of longer periods all from
    the first to the last, None where nothing is known.
    """

    upload_id: UUID
    period: PeriodEnum
    values: Mapping[CategoryEnum, Mapping[datetime, Decimal | None]]

    def of(self, category: CategoryEnum) -> Mapping[datetime, Decimal | None]:
        """The values of a category. Raises SeriesNotFound."""
        if category not in self.values:
            raise SeriesNotFound(category=category.value)
        return self.values[category]

    def returns(self, category: CategoryEnum, kind: ReturnEnum = ReturnEnum.SIMPLE) -> Returns:
        """The returns of a category. Raises SeriesNotFound."""
        return returns_of(list(self.of(category).values()), kind)

    def dated_returns(self, category: CategoryEnum) -> dict[datetime, float | None]:
        """By the beginning of the period in which they came."""
        starts = list(self.of(category))[1:]
        return dict(zip(starts, self.returns(category).by_period, strict=True))

    def aligned_returns(self) -> dict[str, list[float | None]]:
        """Of every category, over the periods of all of them; None where one has none."""
        dated = {category: self.dated_returns(category) for category in self.values}
        starts = sorted({start for returns in dated.values() for start in returns})
        return {category.value: [returns.get(start) for start in starts] for category, returns in dated.items()}


def read_history(
    session: Session,
    upload: DataUpload,
    period: PeriodEnum,
    measure: MeasureEnum = MeasureEnum.SUM,
    start: datetime | None = None,
    end: datetime | None = None,
) -> History:
    """One statement. end: not included. Raises MixedCurrencies."""
    parts = read_parts(session, [upload.id], period, start, end)
    check_currency(parts)
    return History(upload.id, period, values_of(parts, period, measure))


def values_of(
    parts: Iterable[Part], period: PeriodEnum, measure: MeasureEnum = MeasureEnum.SUM
) -> dict[CategoryEnum, dict[datetime, Decimal | None]]:
    """The values of a History, from what the database added up."""
    sums: dict[CategoryEnum, dict[datetime, list[Part]]] = defaultdict(lambda: defaultdict(list))
    for part in parts:
        if not part.is_budget:
            sums[part.category][part.start].append(part)
    return {category: _on_axis(_worth(found, measure), period) for category, found in sums.items()}


def pick_upload(session: Session, model: TrainedModel, upload_id: UUID | None = None) -> DataUpload:
    """The upload that is named, else the newest that its owner has of what the model forecasts.

    Raises UploadNotFound, and SeriesNotFound when there is none or it is not validated.
    """
    uploads = UploadRepository(session)
    category = model.forecast_type
    found = uploads.get(upload_id) if upload_id else uploads.latest_validated(model.user_id, category)
    if found is None or found.status is not UploadStatusEnum.VALIDATED:
        raise SeriesNotFound(category=category.value)
    return found


def check_currency(parts: Iterable[Part]) -> str | None:
    """The currency of the points that name one. Raises MixedCurrencies when they name several."""
    found = sorted({part.currency for part in parts if part.currency})
    if len(found) > 1:
        raise MixedCurrencies(currencies=", ".join(found))
    return found[0] if found else None


def chosen(wanted: WordT | None, model: TrainedModel, name: str, otherwise: WordT) -> WordT:
    """What is wanted, else what the model was trained with, else a default."""
    if wanted is not None:
        return wanted
    kind = type(otherwise)
    trained_with = model.hyperparameters.get(name)
    return kind(trained_with) if trained_with in {word.value for word in kind} else otherwise


def _worth(found: Mapping[datetime, Sequence[Part]], measure: MeasureEnum) -> dict[datetime, Decimal | None]:
    worth: dict[datetime, Decimal | None] = {}
    for start, parts in found.items():
        total = sum((part.total for part in parts), Decimal(0))
        worth[start] = total if measure is MeasureEnum.SUM else total / sum(part.count for part in parts)
    return worth


def _on_axis(worth: Mapping[datetime, Decimal | None], period: PeriodEnum) -> dict[datetime, Decimal | None]:
    starts = sorted(worth)
    if period is PeriodEnum.DAY:
        return {start: worth[start] for start in starts}
    return {start: worth.get(start) for start in period.between(starts[0], starts[-1])}
