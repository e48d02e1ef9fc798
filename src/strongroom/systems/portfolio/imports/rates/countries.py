"""Which currency a country's rate is quoted in, by month: names that do not say it, and redenominations in between."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

#: a country's currency from the month on; the months before the first have none
Currencies = tuple[tuple[date, str], ...]

_ALWAYS = date.min
_ONE: Mapping[str, str] = {
    "Australia": "AUD", "Brazil": "BRL", "Canada": "CAD", "China": "CNY", "Denmark": "DKK", "Euro": "EUR",
    "Hong Kong": "HKD", "India": "INR", "Japan": "JPY", "Malaysia": "MYR", "Mexico": "MXN", "New Zealand": "NZD",
    "Norway": "NOK", "Singapore": "SGD", "South Africa": "ZAR", "South Korea": "KRW", "Sri Lanka": "LKR",
    "Sweden": "SEK", "Switzerland": "CHF", "Taiwan": "TWD", "Thailand": "THB", "United Kingdom": "GBP",
    # quoted in their own money until the notes and coins of the euro came
    "Austria": "ATS", "Belgium": "BEF", "Finland": "FIM", "France": "FRF", "Germany": "DEM", "Greece": "GRD",
    "Ireland": "IEP", "Italy": "ITL", "Netherlands": "NLG", "Portugal": "PTE", "Spain": "ESP",
}  # fmt: skip
#: The bolívar fuerte, in which the years before 2008 are restated at a thousand to one; the soberano from 20 August
#: 2018, 100,000 to one, the month's average still being of fuertes; the digital from 1 October 2021, 1,000,000 to
#: one, which the series shows from November. A code each: one series of one code never jumps.
_VENEZUELA: Currencies = ((_ALWAYS, "VEF"), (date(2018, 9, 1), "VES"), (date(2021, 11, 1), "VED"))

CURRENCIES: Mapping[str, Currencies] = MappingProxyType(
    {**{country: ((_ALWAYS, code),) for country, code in _ONE.items()}, "Venezuela": _VENEZUELA}
)


def currency_of_country(country: str, month: date) -> str | None:
    """The code of ISO 4217 of what a country's rate is quoted in; None for a country we do not know."""
    codes = [code for since, code in CURRENCIES.get(country, ()) if since <= month]
    return codes[-1] if codes else None
