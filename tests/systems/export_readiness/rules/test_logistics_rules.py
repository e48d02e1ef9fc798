"""Claims about the way of a shipment: containers, inspection, routes, freight and insurance."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.export_readiness.rules import Rates
from strongroom.systems.export_readiness.rules.constants import CONSTANTS
from strongroom.systems.export_readiness.rules.containers import compare_containers
from strongroom.systems.export_readiness.rules.countries import REGIONS, find_country, region_of
from strongroom.systems.export_readiness.rules.freight import PassageEnum, UrgencyEnum, freight
from strongroom.systems.export_readiness.rules.insurance import insurance
from strongroom.systems.export_readiness.rules.routes import SeasonEnum, analyse_routes, parse_season, season_of
from tests.systems.export_readiness.calculating import RATES

VOLUMES = st.decimals("0.01", 1000, places=2)

#: sea and air rates, sea and air days, countries
TABLE = {
    "Asia": ("50", "3.5", 10, 3, "China, Japan, South Korea, Singapore, Thailand, Vietnam, Malaysia, Indonesia"),
    "Europe": (
        "80", "5.0", 25, 5, "United Kingdom, Germany, France, Italy, Spain, Netherlands, Belgium, Poland",
    ),
    "North America": ("100", "6.0", 30, 6, "United States, Canada, Mexico"),
    "Middle East": ("60", "4.5", 7, 2, "UAE, Saudi Arabia, Qatar, Oman, Kuwait"),
    "Africa": ("70", "5.5", 15, 4, "South Africa, Kenya, Nigeria, Egypt, Morocco"),
    "South America": ("110", "7.0", 40, 7, "Brazil, Argentina, Chile, Colombia, Peru"),
    "Oceania": ("90", "6.5", 20, 5, "Australia, New Zealand"),
}  # fmt: skip
COUNTRIES = [(region, country) for region, row in TABLE.items() for country in row[4].split(", ")]


@pytest.mark.parametrize(("region", "country"), COUNTRIES)
def test_every_country_of_the_table_has_the_rates_of_its_region(region: str, country: str) -> None:
    sea, air, sea_days, air_days, _ = TABLE[region]
    found = freight(country, Decimal(10), RATES)
    assert (found.region, found.is_region_assumed) == (region, False)
    assert (found.sea.cost, found.sea.transit_days) == (10 * Decimal(sea), sea_days)
    assert (found.air.cost, found.air.transit_days) == (2000 * Decimal(air), air_days)  # 200 kg a CBM


@pytest.mark.parametrize("country", ["Atlantis", "", "Sweden", "\x00", "united states of", "Unitedstates" * 9])
def test_a_country_without_rates_is_taken_for_asia_and_says_so(country: str) -> None:
    found = freight(country, Decimal(1), RATES)
    assert (found.region, found.is_region_assumed) == ("Asia", True)
    assert analyse_routes(country, RATES, season=SeasonEnum.SPRING).is_region_assumed


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("USA", "US"), ("u.s.a.", "US"), ("The United States of America", "US"), ("UK", "GB"), ("U.K.", "GB"),
        ("uae", "AE"), ("Ukraine", "UA"), ("Türkiye", "TR"), ("turkey", "TR"), ("Côte d\u2019Ivoire", "CI"),
        ("Cote d'Ivoire", "CI"), ("Trinidad & Tobago", "TT"), ("Korea", "KR"), ("VIET NAM", "VN"), ("deu", "DE"),
        ("European Union", "EU"), ("Niger", "NE"), ("Nigeria", "NG"),
    ],
)  # fmt: skip
def test_a_country_is_known_by_what_people_call_it(text: str, code: str) -> None:
    found = find_country(text)
    assert found is not None
    assert found.code == code


def test_every_country_of_iso_is_known_by_code_and_name() -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    found = {country for one in letters for other in letters if (country := find_country(one + other)) is not None}
    assert len(found) == 249 + 1  # and the European Union
    assert {find_country(country.name) for country in found} == found
    assert {find_country(country.long_code) for country in found} == found


@given(VOLUMES)
def test_air_costs_more_than_sea_and_only_urgency_takes_it(volume: Decimal) -> None:
    for region in TABLE.values():
        country = region[4].split(", ")[0]
        for passage in (None, *PassageEnum):
            found = freight(country, volume, RATES, passage=passage)
            urgent = freight(country, volume, RATES, passage=passage, urgency=UrgencyEnum.HIGH)
            assert (found.recommended, urgent.recommended) == ("sea", "air")


@pytest.mark.parametrize(
    ("passage", "cost"),
    [(PassageEnum.CAPE, "1040"), (PassageEnum.SUEZ, "880"), (PassageEnum.RED_SEA, "920"), (PassageEnum.DIRECT, "760")],
)
def test_a_passage_makes_sea_freight_dearer_or_cheaper(passage: PassageEnum, cost: str) -> None:
    found = freight("Germany", Decimal(10), RATES, passage=passage)
    assert found.sea.cost == Decimal(cost)
    assert found.air.cost == freight("Germany", Decimal(10), RATES).air.cost


def test_air_freight_is_charged_by_weight_or_by_volume_whichever_is_more() -> None:
    assert freight("Germany", Decimal(1), RATES, weight=Decimal(100)).air.cost == Decimal(835)
    assert freight("Germany", Decimal(1), RATES, weight=Decimal(300)).air.cost == Decimal(1500)


@pytest.mark.parametrize(("units", "cost"), [(0, "0"), (-3, "0"), (3, "26.67")])
def test_a_unit_costs_its_share_and_nothing_when_there_are_none(units: int, cost: str) -> None:
    assert freight("Germany", Decimal(1), RATES, units=units).cost_per_unit == Decimal(cost)


@pytest.mark.parametrize("volume", ["0", "-1", "NaN", "Infinity", "1e13"])
def test_a_volume_that_is_none_is_refused(volume: str) -> None:
    with pytest.raises(InvalidValue):
        freight("Germany", Decimal(volume), RATES)
    with pytest.raises(InvalidValue):
        compare_containers(Decimal(volume), "shirts", RATES)
    with pytest.raises(InvalidValue):
        analyse_routes("Germany", RATES, season=SeasonEnum.SPRING, volume=Decimal(volume))


@given(VOLUMES, VOLUMES)
def test_more_volume_never_costs_less(one: Decimal, other: Decimal) -> None:
    small, large = sorted((one, other))
    assert freight("Japan", small, RATES).sea.cost <= freight("Japan", large, RATES).sea.cost
    before, after = compare_containers(small, "shirts", RATES), compare_containers(large, "shirts", RATES)
    assert before.lcl.cost <= after.lcl.cost
    assert before.fcl.cost <= after.fcl.cost
    assert before.containers <= after.containers


@pytest.mark.parametrize(
    ("volume", "product", "recommendation", "lcl", "fcl"),
    [
        ("19.79", "cotton shirts", "LCL", "2968.50", "3000"),
        ("19.80", "cotton shirts", "FCL", "2970", "3000"),
        ("13.19", "Food supplement", "LCL", "1978.50", "3000"),
        ("13.20", "Food supplement", "FCL", "1980", "3000"),
        ("33", "cotton shirts", "FCL", "4950", "3000"),
        ("33.01", "cotton shirts", "FCL", "4951.50", "6000"),
        ("66.5", "cotton shirts", "FCL", "9975", "9000"),
    ],
)
def test_a_container_is_taken_when_it_is_full_enough(
    volume: str, product: str, recommendation: str, lcl: str, fcl: str
) -> None:
    found = compare_containers(Decimal(volume), product, RATES)
    assert (found.recommendation, found.lcl.cost, found.fcl.cost) == (recommendation, Decimal(lcl), Decimal(fcl))


@pytest.mark.parametrize(
    "product",
    [
        "food", "Beverages", "cosmetics", "pharmaceutical", "chemicals", "supplements", "herbal tea", "Ayurvedic oil",
        "medical devices",
    ],
)  # fmt: skip
def test_goods_of_high_risk_share_no_container_lightly(product: str) -> None:
    found = compare_containers(Decimal(1), product, RATES)
    assert (found.is_high_risk, found.lcl.risk_level, found.fcl.risk_level) == (True, "high", "low")


@pytest.mark.parametrize("product", ["mechanical parts", "seafoodish", "medical bags for a device", "", "shirts"])
def test_other_goods_are_not_of_high_risk(product: str) -> None:
    found = compare_containers(Decimal(1), product, RATES)
    assert (found.is_high_risk, found.lcl.risk_level) == (False, "medium")


@pytest.mark.parametrize("country", ["Germany", "United States"])
def test_the_cape_is_recommended_while_the_red_sea_is_dangerous(country: str) -> None:
    found = analyse_routes(country, RATES, season=SeasonEnum.SPRING)
    suez, cape = found.routes
    assert (suez.transit_days, suez.delay_risk) == (38, "high")
    assert (cape.transit_days, cape.delay_risk) == (35, "low")
    assert found.recommended == cape.name
    assert cape.cost == suez.cost * Decimal("1.3")


def test_before_the_attacks_suez_was_the_faster_way() -> None:
    found = analyse_routes("Germany", Rates.on(date(2022, 5, 1), CONSTANTS), season=SeasonEnum.SPRING)
    assert (found.routes[0].transit_days, found.routes[0].delay_risk) == (28, "medium")


@pytest.mark.parametrize(
    ("country", "days", "risk", "cost"),
    [
        ("Japan", 10, "low", "900"),
        ("UAE", 7, "low", "1080"),
        ("Kenya", 15, "medium", "1260"),
        ("Brazil", 40, "medium", "2860"),
        ("Australia", 20, "low", "1620"),
    ],
)
def test_other_regions_have_one_route(country: str, days: int, risk: str, cost: str) -> None:
    (route,) = analyse_routes(country, RATES, season=SeasonEnum.SUMMER).routes
    assert (route.transit_days, route.delay_risk, route.cost) == (days, risk, Decimal(cost))


SEASONS = {
    SeasonEnum.MONSOON: {"Asia": 3, "Middle East": 3, "Africa": 3, "Europe": 2, "North America": 2},
    SeasonEnum.WINTER: {"Europe": 4, "North America": 4, "Oceania": 2},
    SeasonEnum.AUTUMN: dict.fromkeys(REGIONS, 2),
    SeasonEnum.SPRING: {},
    SeasonEnum.SUMMER: {},
}


@pytest.mark.parametrize("season", SeasonEnum)
@pytest.mark.parametrize("region", REGIONS)
def test_every_season_adds_its_days(season: SeasonEnum, region: str) -> None:
    country = TABLE[region][4].split(", ")[0]
    assert region_of(country, RATES).name == region
    calm = analyse_routes(country, RATES, season=SeasonEnum.SPRING).routes
    held_up = analyse_routes(country, RATES, season=season).routes
    added = {after.transit_days - before.transit_days for before, after in zip(calm, held_up, strict=True)}
    assert added == {SEASONS[season].get(region, 0)}


def test_hazards_have_their_days_and_levels() -> None:
    found = {name: (hazard.details["level"], hazard.details["days"]) for name, hazard in RATES.of("hazards").items()}
    assert found == {"Red Sea": ("high", "10"), "Suez": ("medium", "3"), "Panama": ("low", "2")}


def test_a_season_follows_from_the_month_and_fall_is_autumn() -> None:
    by_month = [season_of(date(2026, month, 1), RATES).value for month in range(1, 13)]
    assert by_month == [
        *["winter"] * 2, *["spring"] * 2, "summer", *["monsoon"] * 4, *["autumn"] * 2, "winter",
    ]  # fmt: skip
    assert parse_season(" Fall ") is SeasonEnum.AUTUMN
    with pytest.raises(InvalidValue):
        parse_season("rainy")


@pytest.mark.parametrize(("risk", "premium"), [("low", "330"), ("medium", "550"), ("high", "880")])
def test_insurance_of_the_worked_example(risk: str, premium: str) -> None:
    found = insurance(Decimal(100_000), risk, RATES)
    assert (found.coverage, found.premium) == (Decimal(110_000), Decimal(premium))


@pytest.mark.parametrize(("value", "risk"), [("0", "low"), ("-1", "low"), ("NaN", "low"), ("1", "extreme")])
def test_insurance_of_nothing_or_at_no_risk_we_know_is_refused(value: str, risk: str) -> None:
    with pytest.raises(InvalidValue):
        insurance(Decimal(value), risk, RATES)


@given(st.decimals("0.01", 10**9, places=2))
def test_more_risk_costs_more_premium(value: Decimal) -> None:
    low, medium, high = (insurance(value, risk, RATES).premium for risk in ("low", "medium", "high"))
    assert low <= medium <= high <= value
