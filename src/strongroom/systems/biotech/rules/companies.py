"""How a company is named and what follows from its figures: ticker, runway, enterprise value."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.values import WIDE
from strongroom.systems.biotech.rules.enums import TherapeuticArea

#: with less cash than this, in quarters of its burn, a company is constrained
CONSTRAINED_BELOW_QUARTERS = 4.0
#: a company that burns next to nothing has a longer runway than its column holds
RUNWAY_QUARTERS_MAX = Decimal("999999.99")
TICKER_PATTERN = r"^[A-Z0-9.\-]{1,10}$"

_TICKER = re.compile(TICKER_PATTERN, re.ASCII)
_CENT = Decimal("0.01")


def normalise_ticker(ticker: str, field: str = "ticker") -> str:
    """In capitals, without space around it. Raises InvalidValue unless 1 to 10 of A-Z, 0-9, dot and hyphen."""
    normal = ticker.strip().upper() if isinstance(ticker, str) else ""
    if not _TICKER.match(normal):
        raise InvalidValue(field=field, reason="must be 1 to 10 letters, digits, dots or hyphens")
    return normal


def normalise_tickers(tickers: Iterable[str], field: str) -> list[str]:
    """Each normalised, each once, in the order given."""
    if isinstance(tickers, str):
        raise InvalidValue(field=field, reason="must be a list of tickers")
    return list(dict.fromkeys(normalise_ticker(ticker, field) for ticker in tickers))


def normalise_areas(areas: Iterable[str]) -> list[str]:
    """Each therapeutic area once, in the order given. Raises InvalidValue for one there is not."""
    if isinstance(areas, str):
        raise InvalidValue(field="therapeutic_areas", reason="must be a list")
    known = {area.value for area in TherapeuticArea}
    normal = dict.fromkeys(str(area).strip().lower() for area in areas)
    if not normal.keys() <= known:
        raise InvalidValue(field="therapeutic_areas", reason=f"must be among {', '.join(sorted(known))}")
    return list(normal)


def normalise_label(text: str, field: str) -> str:
    """Without space around it. Raises InvalidValue for a blank one."""
    normal = text.strip() if isinstance(text, str) else ""
    if not normal:
        raise InvalidValue(field=field, reason="must not be blank")
    return normal


def runway_quarters(cash: Decimal, quarterly_burn: Decimal | None) -> Decimal | None:
    """Quarters until the cash is spent, to two decimals, a half up; None when nothing is burnt or nobody knows."""
    if not quarterly_burn:
        return None
    quarters = WIDE.divide(cash, quarterly_burn).quantize(_CENT, rounding=ROUND_HALF_UP, context=WIDE)
    return min(quarters, RUNWAY_QUARTERS_MAX)


def enterprise_value(market_cap: Decimal, debt: Decimal, cash: Decimal) -> Decimal:
    """What a buyer pays for the business itself: market capitalisation and debt, less cash. May be negative."""
    return WIDE.subtract(WIDE.add(market_cap, debt), cash)
