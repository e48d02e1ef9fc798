"""What a shipment is reckoned with: containers, routes from Mumbai, freight and insurance; USD."""

from __future__ import annotations

from datetime import date

from strongroom.systems.export_readiness.rules.constants.seeds import ESTIMATE, Publication
from strongroom.systems.export_readiness.rules.reference_rates import Constant

RED_SEA = Publication(
    "container lines have kept away from the Red Sea since 15 December 2023; the days are an estimate of this program",
    date(2023, 12, 15),
)
CONTAINER = Publication(
    "inner measures of a 20-foot dry container, 33.0 to 33.2 CBM; packed goods seldom fill more than 28",
    date(2021, 1, 1),
)
AIR_CARGO = Publication("IATA: 6,000 cubic centimetres count as a kilogram, rounded", date(2021, 1, 1))
COVERAGE = Publication("ICC, Incoterms 2020, CIF and CIP; UCP 600, article 28: 110 % at least", date(2020, 1, 1))
UNION = Publication("Treaties of the European Union; the United Kingdom left on 31 January 2020", date(2020, 2, 1))

_EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"

#: countries by their code; region: USD a CBM by sea, USD a kg by air, days by sea, days by air
_REGIONS: dict[str, tuple[str, str, str, str, str]] = {
    "Asia": ("CN JP KR SG TH VN MY ID", "50", "3.5", "10", "3"),
    "Europe": ("GB DE FR IT ES NL BE PL EU", "80", "5.0", "25", "5"),
    "North America": ("US CA MX", "100", "6.0", "30", "6"),
    "Middle East": ("AE SA QA OM KW", "60", "4.5", "7", "2"),
    "Africa": ("ZA KE NG EG MA", "70", "5.5", "15", "4"),
    "South America": ("BR AR CL CO PE", "110", "7.0", "40", "7"),
    "Oceania": ("AU NZ", "90", "6.5", "20", "5"),
}

_SUEZ_AND_CAPE = [
    {"name": "via Suez", "key": "suez", "days": "25", "risk": "low", "hazards": ["Red Sea", "Suez"]},
    {"name": "via the Cape of Good Hope", "key": "cape", "days": "35", "risk": "low", "hazards": []},
]


def _direct(days: str, risk: str) -> list[dict[str, object]]:
    return [{"name": "direct", "key": "direct", "days": days, "risk": risk, "hazards": []}]


LOGISTICS: tuple[Constant, ...] = (
    UNION.table("regions", "EU", "countries", countries=_EU.split()),
    *(ESTIMATE.table("regions", name, "countries", countries=row[0].split()) for name, row in _REGIONS.items()),
    ESTIMATE.table("regions", "assumed", "region", region="Asia"),
    # less than a container, or a whole one
    *CONTAINER.numbers("containers", "CBM", {"container_volume": "33"}),
    *ESTIMATE.numbers("containers", "USD", {"lcl_a_cbm": "150", "fcl_a_container": "3000"}),
    *ESTIMATE.numbers("containers", "percent", {"fcl_from": "60", "fcl_from_high_risk": "40"}),
    ESTIMATE.table(
        "containers", "high_risk_products", "words",
        items=[
            "food", "beverage", "cosmetic", "pharmaceutical", "chemical", "supplement", "herbal", "ayurvedic",
            "medical device",
        ],
    ),
    ESTIMATE.table(
        "containers", "LCL", "words",
        risk_level="medium", risk_level_high_risk="high",
        pros=["Pay only for the space you use", "No need to wait until a container is full"],
        cons=["More handling, more damage", "Others' cargo can hold up yours at customs", "Longer in transit"],
    ),
    ESTIMATE.table(
        "containers", "FCL", "words",
        risk_level="low", risk_level_high_risk="low",
        pros=["Sealed from factory to customer", "Less handling", "Faster through customs"],
        cons=["The whole container is paid, full or not", "Needs enough goods at one time"],
    ),
    # freight
    *(c for name, row in _REGIONS.items() for c in ESTIMATE.numbers("sea_rate", "USD a CBM", {name: row[1]})),
    *(c for name, row in _REGIONS.items() for c in ESTIMATE.numbers("air_rate", "USD a kg", {name: row[2]})),
    *(c for name, row in _REGIONS.items() for c in ESTIMATE.numbers("sea_days", "days", {name: row[3]})),
    *(c for name, row in _REGIONS.items() for c in ESTIMATE.numbers("air_days", "days", {name: row[4]})),
    *AIR_CARGO.numbers("freight", "kg a CBM", {"volumetric": "167"}),
    *ESTIMATE.numbers("freight", "kg a CBM", {"density": "200"}),
    *ESTIMATE.numbers("freight", "times sea", {"air_below": "3"}),
    *ESTIMATE.numbers("sea_factor", "factor", {"cape": "1.3", "suez": "1.1", "red_sea": "1.15", "direct": "0.95"}),
    # routes from Mumbai
    *ESTIMATE.numbers("routes", "CBM", {"volume": "20"}),
    *ESTIMATE.numbers("route_factor", "factor", {"cape": "1.3", "suez": "1", "direct": "0.9"}),
    ESTIMATE.table("routes", "Europe", "routes", routes=_SUEZ_AND_CAPE),
    ESTIMATE.table("routes", "North America", "routes", routes=_SUEZ_AND_CAPE),
    ESTIMATE.table("routes", "Asia", "routes", routes=_direct("10", "low")),
    ESTIMATE.table("routes", "Middle East", "routes", routes=_direct("7", "low")),
    ESTIMATE.table("routes", "Africa", "routes", routes=_direct("15", "medium")),
    ESTIMATE.table(
        "routes", "South America", "routes",
        routes=[
            {"name": "via the Cape of Good Hope", "key": "cape", "days": "40", "risk": "medium", "hazards": []}
        ],
    ),
    ESTIMATE.table("routes", "Oceania", "routes", routes=_direct("20", "low")),
    ESTIMATE.table("hazards", "Red Sea", "days", level="low", days="0"),
    RED_SEA.table("hazards", "Red Sea", "days", level="high", days="10"),
    ESTIMATE.table("hazards", "Suez", "days", level="medium", days="3"),
    ESTIMATE.table("hazards", "Panama", "days", level="low", days="2"),
    ESTIMATE.table(
        "seasons", "months", "season",
        months=["winter", "winter", "spring", "spring", "summer", "monsoon", "monsoon", "monsoon", "monsoon",
                "autumn", "autumn", "winter"],
    ),
    ESTIMATE.table(
        "seasons", "monsoon", "days",
        regions={"Asia": "3", "Middle East": "3", "Africa": "3", "Europe": "2", "North America": "2"},
    ),
    ESTIMATE.table(
        "seasons", "winter", "days", regions={"Europe": "4", "North America": "4", "Oceania": "2"}
    ),
    ESTIMATE.table("seasons", "autumn", "days", regions=dict.fromkeys(_REGIONS, "2")),
    ESTIMATE.table("seasons", "spring", "days", regions={}),
    ESTIMATE.table("seasons", "summer", "days", regions={}),
    # insurance
    *COVERAGE.numbers("insurance", "percent", {"coverage": "110"}),
    *ESTIMATE.numbers("insurance", "percent", {"low": "0.3", "medium": "0.5", "high": "0.8"}),
)  # fmt: skip
