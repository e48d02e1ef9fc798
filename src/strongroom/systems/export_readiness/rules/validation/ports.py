"""Whether the port of discharge lies in the country that the goods go to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from strongroom.systems.export_readiness.rules.countries import EUROPEAN_UNION, Country, country_of_code, find_country
from strongroom.systems.export_readiness.rules.validation.fields import Document, text_of
from strongroom.systems.export_readiness.rules.validation.findings import Finding, warning
from strongroom.systems.export_readiness.rules.validation.port_table import PORTS
from strongroom.systems.export_readiness.rules.words import words_of

_CODE = re.compile(r"([A-Z]{2}) ?[A-Z2-9]{3}")
#: a code that stands in a longer text is in brackets, or parted from the name
_PARTS = re.compile(r"[()\[\],;/]| - ")


def check_port(document: Document) -> Iterator[Finding]:
    """Where port of discharge and destination are both known; what is not known is a warning."""
    port, destination = text_of(document, "port_of_discharge"), text_of(document, "destination_country")
    if not port or not destination:
        return
    country, located = find_country(destination), find_country_of_port(port)
    if country is None:
        suggestion = "Write the country's name, or its code of ISO 3166"
        yield warning("destination_country", "the destination country is not known", suggestion)
    if located is None:
        suggestion = "Add its UN/LOCODE, such as USNYC for New York"
        yield warning("port_of_discharge", "it is not known which country the port is in", suggestion)
    if country is None or located is None or country in (EUROPEAN_UNION, located):
        return
    message = f"the port is in {located.name}, and the goods go to {country.name}"
    yield Finding("port_of_discharge", message, "Correct the port, or the destination country")


def find_country_of_port(port: str) -> Country | None:
    """By its UN/LOCODE, whose first two letters are the country, or by the name of a large port; None if unknown."""
    named = _by_name().get(_key(port))
    if named is not None:
        return country_of_code(named)
    parts = [part.strip() for part in _PARTS.split(port)]
    codes = [found[1] for part in parts if (found := _CODE.fullmatch(part)) and _key(part) not in _by_name()]
    names = [_by_name()[_key(part)] for part in parts if _key(part) in _by_name()]
    return next((country for code in (*codes, *names) if (country := country_of_code(code)) is not None), None)


@cache
def _by_name() -> dict[str, str]:
    rows = [row.split(" ", 1) for row in PORTS.strip().splitlines()]
    return {_key(name): code for code, names in rows for name in names.split(";")}


def _key(name: str) -> str:
    return " ".join(words_of(name))
