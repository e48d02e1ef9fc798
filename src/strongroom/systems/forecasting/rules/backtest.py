"""How well stored forecasts did once the actual values were known: exact decimals, from sums a database can make."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from strongroom.kernel.values import WIDE

PLACES = Decimal("0.000001")
ZERO = Decimal(0)


class Outcome(NamedTuple):
    """One forecast and what came; the bounds are both there or both None."""

    actual: Decimal
    predicted: Decimal
    lower: Decimal | None = None
    upper: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Sums:
    """Over n outcomes: of |e|, e * e and e = predicted - actual, and of |e| / |actual| where actual is not 0.

    skipped: outcomes whose actual is 0. with_interval, inside: those that have one, and that lie in it.
    """

    n: int
    absolute: Decimal = ZERO
    squares: Decimal = ZERO
    signed: Decimal = ZERO
    relative: Decimal = ZERO
    skipped: int = 0
    with_interval: int = 0
    inside: int = 0


@dataclass(frozen=True, slots=True)
class BacktestSummary:
    """Over n forecasts whose actual value is known; None where there is nothing to divide by.

    mae, rmse, bias (predicted - actual) in the unit of the values; mape in percent points, over the actual values that
    are not 0, `skipped` of them being 0; coverage: the share inside the 95 % interval, 0 to 1. To six places.
    """

    n: int
    mae: Decimal | None
    rmse: Decimal | None
    mape: Decimal | None
    skipped: int
    bias: Decimal | None
    coverage: Decimal | None


def summarise(sums: Sums) -> BacktestSummary:
    """The measures, from the sums."""
    compared = sums.n - sums.skipped
    squares = _mean(sums.squares, sums.n)
    return BacktestSummary(
        n=sums.n,
        mae=_rounded(_mean(sums.absolute, sums.n)),
        rmse=None if squares is None else _rounded(squares.sqrt(WIDE)),
        mape=_rounded(_mean(WIDE.multiply(sums.relative, Decimal(100)), compared)),
        skipped=sums.skipped,
        bias=_rounded(_mean(sums.signed, sums.n)),
        coverage=_rounded(_mean(Decimal(sums.inside), sums.with_interval)),
    )


def add_up(outcomes: Iterable[Outcome]) -> Sums:
    """The sums, where no database makes them."""
    n = skipped = with_interval = inside = 0
    absolute = squares = signed = relative = ZERO
    for actual, predicted, lower, upper in outcomes:
        error = WIDE.subtract(predicted, actual)
        n += 1
        absolute = WIDE.add(absolute, abs(error))
        squares = WIDE.add(squares, WIDE.multiply(error, error))
        signed = WIDE.add(signed, error)
        if actual:
            relative = WIDE.add(relative, WIDE.divide(abs(error), abs(actual)))
        else:
            skipped += 1
        if lower is not None and upper is not None:
            with_interval += 1
            inside += lower <= actual <= upper
    return Sums(n, absolute, squares, signed, relative, skipped, with_interval, inside)


def _mean(total: Decimal, count: int) -> Decimal | None:
    return WIDE.divide(total, Decimal(count)) if count else None


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(PLACES, context=WIDE)
