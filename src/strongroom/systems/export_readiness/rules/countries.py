"""Which country somebody means, and which region of trade it belongs to."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache

from strongroom.systems.export_readiness.rules.country_table import ALIASES, COUNTRIES
from strongroom.systems.export_readiness.rules.reference_rates import Rates

REGIONS = ("Asia", "Europe", "North America", "Middle East", "Africa", "South America", "Oceania")


@dataclass(frozen=True, slots=True)
class Country:
    """code, long_code: two and three letters of ISO 3166-1; EU and EUE, which it reserves, for the European Union."""

    code: str
    long_code: str
    name: str


EUROPEAN_UNION = Country("EU", "EUE", "European Union")


@dataclass(frozen=True, slots=True)
class Region:
    """is_assumed: the country is in no region we have rates for, so that those of another are taken."""

    name: str
    is_assumed: bool


def find_country(text: str) -> Country | None:
    """By its code, its name or a common other name, whole; None for anything else."""
    return _by_name().get(_key(text))


def country_of_code(code: str) -> Country | None:
    """By two capital letters."""
    country = find_country(code) if len(code) == 2 else None
    return country if country is not None and country.code == code else None


def region_of(destination: str, rates: Rates) -> Region:
    """The region whose freight rates hold for the destination."""
    country = find_country(destination)
    for name in REGIONS:
        if country is not None and country.code in rates.details("regions", name)["countries"]:
            return Region(name, is_assumed=False)
    return Region(rates.details("regions", "assumed")["region"], is_assumed=True)


def is_in_union(destination: str, rates: Rates) -> bool:
    """Whether it is the European Union or one of its members."""
    country = find_country(destination)
    return country is not None and (
        country == EUROPEAN_UNION or country.code in rates.details("regions", "EU")["countries"]
    )


@cache
def _by_name() -> dict[str, Country]:
    countries = {EUROPEAN_UNION.code: EUROPEAN_UNION}
    for row in COUNTRIES.replace("\n", " ").split(";"):
        code, long_code, name = row.strip().split(" ", 2)
        countries[code] = Country(code, long_code, name)
    names = {
        _key(name): country for code, country in countries.items() for name in (*ALIASES.get(code, ()), country.name)
    }
    # codes win: no name may take what ISO gives to another country
    return names | {_key(code): c for c in countries.values() for code in (c.code, c.long_code)}


def _key(text: str) -> str:
    """Letters of the words without accents and dots; "the" in front does not count."""
    letters = unicodedata.normalize("NFKD", text).casefold().replace(".", "").replace("&", " and ")
    words = "".join(
        letter if letter.isalnum() else " " for letter in letters if not unicodedata.combining(letter)
    ).split()
    return " ".join(words[1:] if words[:1] == ["the"] else words)
