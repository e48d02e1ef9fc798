"""Which way a ship from Mumbai goes, how long it takes on the day it leaves, and what may hold it up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.export_readiness.rules.amounts import DOLLAR, amount_of, rounded, times
from strongroom.systems.export_readiness.rules.countries import region_of
from strongroom.systems.export_readiness.rules.freight import PassageEnum
from strongroom.systems.export_readiness.rules.reference_rates import Rates
from strongroom.systems.export_readiness.rules.risk_levels import LOW, RISK_LEVELS, worst_of

ORIGIN = "Mumbai"

_OTHER_WORDS = {"fall": "autumn"}


class SeasonEnum(Enum):
    """Of the northern hemisphere, with India's monsoon in the place of late summer."""

    WINTER = "winter"
    SPRING = "spring"
    SUMMER = "summer"
    MONSOON = "monsoon"
    AUTUMN = "autumn"


@dataclass(frozen=True, slots=True)
class Delay:
    """Days that a hazard or the season adds."""

    cause: str
    days: int
    level: str


@dataclass(frozen=True, slots=True)
class Route:
    """transit_days: base_days and all delays. delay_risk: high, medium or low, the worst of its hazards. cost: USD."""

    name: str
    passage: PassageEnum
    base_days: int
    delays: tuple[Delay, ...]
    transit_days: int
    delay_risk: str
    cost: Decimal
    currency: str = DOLLAR


@dataclass(frozen=True, slots=True)
class RouteAnalysis:
    """recommended: the name of the route with the least risk of delay, the faster of two."""

    origin: str
    destination: str
    region: str
    is_region_assumed: bool
    season: SeasonEnum
    volume: Decimal
    recommended: str
    routes: tuple[Route, ...]

    @property
    def best(self) -> Route:
        """The recommended one."""
        return next(route for route in self.routes if route.name == self.recommended)


def analyse_routes(
    destination: str, rates: Rates, *, season: SeasonEnum, volume: Decimal | None = None
) -> RouteAnalysis:
    """volume: CBM, a usual shipment when it is not given. Raises InvalidValue."""
    region = region_of(destination, rates)
    cbm = rates.value("routes", "volume") if volume is None else amount_of(volume, "volume", is_positive=True)
    sea = times(cbm, rates.value("sea_rate", region.name))
    routes = tuple(
        _route(row, sea, region.name, season, rates) for row in rates.details("routes", region.name)["routes"]
    )
    best = min(routes, key=lambda route: (RISK_LEVELS.index(route.delay_risk), route.transit_days))
    return RouteAnalysis(ORIGIN, destination, region.name, region.is_assumed, season, cbm, best.name, routes)


def season_of(day: date, rates: Rates) -> SeasonEnum:
    """By the month."""
    return SeasonEnum(rates.details("seasons", "months")["months"][day.month - 1])


def parse_season(text: str) -> SeasonEnum:
    """A season by its name; "fall" is autumn. Raises InvalidValue."""
    word = text.strip().casefold()
    try:
        return SeasonEnum(_OTHER_WORDS.get(word, word))
    except ValueError:
        known = ", ".join(season.value for season in SeasonEnum)
        raise InvalidValue(field="season", reason=f"must be one of {known}") from None


def _route(row: Mapping[str, Any], sea: Decimal, region: str, season: SeasonEnum, rates: Rates) -> Route:
    hazards = [(name, rates.details("hazards", name)) for name in row["hazards"]]
    delays = [Delay(name, int(hazard["days"]), hazard["level"]) for name, hazard in hazards]
    of_season = int(rates.details("seasons", season.value)["regions"].get(region, 0))
    if of_season:
        delays.append(Delay(season.value, of_season, LOW))
    base = int(row["days"])
    return Route(
        name=row["name"],
        passage=PassageEnum(row["key"]),
        base_days=base,
        delays=tuple(delays),
        transit_days=base + sum(delay.days for delay in delays),
        delay_risk=worst_of([row["risk"], *(hazard["level"] for _, hazard in hazards)]),
        cost=rounded(times(sea, rates.value("route_factor", row["key"]))),
    )
