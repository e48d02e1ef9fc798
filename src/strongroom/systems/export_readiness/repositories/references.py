"""The nomenclature by code and by word, and published constants by day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from strongroom.kernel.repositories import Repository, SessionT, operation, query
from strongroom.systems.export_readiness.errors import HsCodeNotFound
from strongroom.systems.export_readiness.models import HsCode, ReferenceRate
from strongroom.systems.export_readiness.models.references import WORDS


@query
def codes_below(prefix: str) -> Select[HsCode]:
    """Everything that begins with these digits, in order."""
    return select(HsCode).where(HsCode.code.startswith(prefix, autoescape=True)).order_by(HsCode.code)


@query
def rates_until(day: date) -> Select[ReferenceRate]:
    """Every constant that has begun by this day, the oldest first."""
    return select(ReferenceRate).where(ReferenceRate.valid_from <= day).order_by(ReferenceRate.valid_from)


@query
def rates_of(calculator: str | None = None, name: str | None = None) -> Select[ReferenceRate]:
    """Every constant of a calculator, of one name, or of all."""
    wanted = ((ReferenceRate.calculator, calculator), (ReferenceRate.name, name))
    return select(ReferenceRate).where(*(column == value for column, value in wanted if value is not None))


class HsCodeRepository(Repository[SessionT, HsCode]):
    """The nomenclature."""

    row = HsCode
    not_found = HsCodeNotFound

    @operation
    def all_of(self: HsCodeRepository[Session], codes: Iterable[str]) -> dict[str, HsCode]:
        """Those of the codes that there are."""
        found = self.session.scalars(select(HsCode).where(HsCode.code.in_(list(codes))))
        return {row.code: row for row in found}

    @operation
    def with_any_word(self: HsCodeRepository[Session], words: Sequence[str]) -> list[HsCode]:
        """Everything whose description has one of these words in it, in any order.

        PostgreSQL knows words by their stem and finds them by an index; SQLite finds them in longer words as well.
        """
        if not words:
            return []
        return list(self.session.scalars(select(HsCode).where(self._has_any(words))))

    @operation
    def descriptions(self: HsCodeRepository[Session]) -> list[str]:
        """All there are."""
        return list(self.session.scalars(select(HsCode.description)))

    def _has_any(self: HsCodeRepository[Session], words: Sequence[str]) -> ColumnElement[bool]:
        if self.session.get_bind().dialect.name == "sqlite":
            return or_(*(HsCode.description.icontains(word, autoescape=True) for word in words))
        # each word is quoted on its own, so that none is read as an operator
        asked: list[ColumnElement[Any]] = [func.plainto_tsquery("english", word) for word in words]
        return WORDS.bool_op("@@")(reduce(lambda left, right: left.op("||")(right), asked))


class ReferenceRateRepository(Repository[SessionT, ReferenceRate]):
    """Published constants."""

    row = ReferenceRate
