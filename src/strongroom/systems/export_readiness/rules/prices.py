"""Prices as people write them, "₹500-₹1500" or "1,200 INR/kg", and what the goods of a shipment cost to make."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.export_readiness.rules.amounts import RUPEE, amount_of, ratio, rounded, times
from strongroom.systems.export_readiness.rules.reference_rates import Rates

_LENGTH_MAX = 100
_DASHES = str.maketrans("\u2013\u2014\u2212", "---")
_FOREIGN = re.compile(r"[$€£¥]|\b(?:usd|eur|gbp|aed|jpy|cny|sgd|aud|cad|dollars?|euros?)\b")
_RUPEES = re.compile(r"₹|\brs\b\.?|\binr\b|\brupees?\b|/-(?!\s*\d)")
_PRICE = r"(\d[\d,]*(?:\.\d+)?)\s*(?:(lakh|lac|crore)s?\b)?(?:\s*/?\s*[a-z. ]+)?"
_RANGE = re.compile(rf"\s*{_PRICE}\s*(?:(?:/?-|\bto\b)\s*{_PRICE}\s*)?", re.ASCII)
_SCALES = {None: Decimal(1), "lakh": Decimal(10**5), "lac": Decimal(10**5), "crore": Decimal(10**7)}


@dataclass(frozen=True, slots=True)
class PriceRange:
    """INR for one unit; low is at most high."""

    low: Decimal
    high: Decimal

    @property
    def average(self) -> Decimal:
        """The middle, exact."""
        return ratio(self.low + self.high, Decimal(2))


@dataclass(frozen=True, slots=True)
class ProductCost:
    """amount: INR. is_volume_assumed, is_price_assumed: it was not given, or cannot be read."""

    amount: Decimal
    units: Decimal | None
    unit_price: Decimal | None
    is_volume_assumed: bool
    is_price_assumed: bool
    currency: str = RUPEE


def parse_price_range(text: str | None) -> PriceRange | None:
    """None for what cannot be read as a price.

    Raises InvalidValue for a range that runs downwards, a price of 0 and one in another currency than INR.
    """
    written = (text or "").strip().lower().translate(_DASHES)
    if len(written) > _LENGTH_MAX:
        return None
    if _FOREIGN.search(written):
        raise InvalidValue(field="price_range", reason="must be in INR")
    found = _RANGE.fullmatch(_RUPEES.sub(" ", written))
    if found is None:
        return None
    low_digits, low_scale, high_digits, high_scale = found.groups()
    low = _price(low_digits, low_scale or high_scale)  # "5-8 lakh" means lakhs on both sides
    high = low if high_digits is None else _price(high_digits, high_scale)
    if low > high:
        raise InvalidValue(field="price_range", reason="must begin with the lower price")
    return PriceRange(low, high)


def product_cost(monthly_volume: Decimal | int | str | None, price_range: str | None, rates: Rates) -> ProductCost:
    """Units a month times the middle of the price range. Raises InvalidValue."""
    prices = parse_price_range(price_range)
    if monthly_volume is None:
        flat = rounded(rates.value("product_cost", "without_volume"))
        return ProductCost(flat, None, None, is_volume_assumed=True, is_price_assumed=prices is None)
    units = amount_of(monthly_volume, "monthly_volume", is_positive=True)
    price = rates.value("product_cost", "unit_price") if prices is None else prices.average
    amount = amount_of(rounded(times(units, price)), "product_cost")
    return ProductCost(amount, units, price, is_volume_assumed=False, is_price_assumed=prices is None)


def _price(digits: str, scale: str | None) -> Decimal:
    return amount_of(times(Decimal(digits.replace(",", "")), _SCALES[scale]), "price_range", is_positive=True)
