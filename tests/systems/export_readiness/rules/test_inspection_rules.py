"""Claims about how likely a shipment is inspected, and about whole words."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.export_readiness.rules.inspection import HEURISTIC, Shipment, inspection_probability
from strongroom.systems.export_readiness.rules.words import phrases_in
from tests.systems.export_readiness.calculating import RATES

#: the 55 words, group by group
GROUPS = (
    "chemical powder liquid explosive flammable hazardous toxic radioactive corrosive oxidizing",
    "weapon gun ammunition knife blade",
    "drug pharmaceutical medicine supplement tablet capsule injection vaccine antibiotic",
    "herbal ayurvedic organic natural extract oil essence tincture botanical",
    "dual-use military strategic encryption",
    "raw unpasteurized fermented live_culture",
    "gold silver diamond precious jewelry",
    "battery lithium electronic semiconductor",
    "document plant soil pesticide fertilizer",
)
KEYWORDS = [word.replace("_", " ") for group in GROUPS for word in group.split()]
TYPES = [
    "food", "beverage", "cosmetic", "pharmaceutical", "chemical", "supplement", "herbal", "ayurvedic", "medical device",
    "electronics", "battery", "agricultural", "textile", "jewelry", "precious metal", "dual-use technology",
]  # fmt: skip
HIGH = ("29", "30", "33", "38", "84", "85", "90", "93")
MEDIUM = ("04", "07", "08", "09", "10", "15", "16", "17", "18", "19", "20", "21", "22", "61", "62", "63", "71")

PLAIN = Shipment("toys", "wooden blocks for small children", "9503")
SHIRTS = Shipment("Textile", "cotton T-shirts for men and women", "6109.10")
TURMERIC = Shipment(
    "Food supplement",
    "Organic turmeric powder, natural herbal supplement for health",
    "0910.30",
    is_first_time=True,
)
TABLETS = Shipment(
    "Pharmaceutical",
    "Pharmaceutical tablets containing chemical compounds for medical use",
    "3004.90",
    value_usd=Decimal(60_000),
    is_first_time=True,
)


def probability(shipment: Shipment, **changes: Any) -> tuple[str, str]:
    found = inspection_probability(replace(shipment, **changes), RATES)
    return str(found.probability_percent), found.risk_level


@pytest.mark.parametrize(
    ("shipment", "probability_percent", "risk_level"),
    [
        (PLAIN, "15.0", "low"),
        (SHIRTS, "43.0", "medium"),
        (replace(SHIRTS, is_first_time=True), "53.0", "high"),
        (replace(SHIRTS, clean_exports=15), "38.0", "medium"),
        (TURMERIC, "78.0", "high"),
        (TABLETS, "80.0", "high"),
        (replace(TABLETS, has_violations=True), "95.0", "high"),
        (replace(PLAIN, clean_exports=11), "10.0", "low"),
        (replace(PLAIN, clean_exports=10), "15.0", "low"),
        (replace(PLAIN, has_violations=True), "30.0", "medium"),
        (replace(PLAIN, value_usd=Decimal(50_000)), "15.0", "low"),
        (replace(PLAIN, value_usd=Decimal("50000.01")), "20.0", "low"),
        (replace(PLAIN, hs_code=None), "15.0", "low"),
    ],
)
def test_points_are_those_of_the_worked_examples(shipment: Shipment, probability_percent: str, risk_level: str) -> None:
    assert probability(shipment) == (probability_percent, risk_level)


def test_the_turmeric_has_its_five_words() -> None:
    found = inspection_probability(TURMERIC, RATES).red_flag_keywords
    assert sorted(found) == ["herbal", "natural", "organic", "powder", "supplement"]


def test_there_are_55_words_and_16_kinds_of_product() -> None:
    assert RATES.details("inspection", "red_flag_keywords")["items"] == KEYWORDS
    assert RATES.details("inspection", "product_types")["items"] == TYPES
    assert (len(KEYWORDS), len(TYPES)) == (55, 16)


@pytest.mark.parametrize("keyword", KEYWORDS)
def test_every_word_adds_five_points(keyword: str) -> None:
    assert probability(PLAIN, description=f"wooden {keyword.upper()} for small children") == ("20.0", "low")


def test_words_add_at_most_25_points_and_each_counts_once() -> None:
    assert probability(PLAIN, description=" ".join(KEYWORDS))[0] == "40.0"
    assert probability(PLAIN, description="oil oils OIL oil and oil")[0] == "20.0"


@pytest.mark.parametrize("kind", TYPES)
def test_every_kind_of_product_adds_twenty_points(kind: str) -> None:
    assert probability(PLAIN, product_type=f"some {kind} for sale") == ("35.0", "medium")


@pytest.mark.parametrize("chapter", [f"{chapter:02}" for chapter in range(1, 98)])
def test_a_chapter_adds_its_points(chapter: str) -> None:
    points = 15 if chapter in HIGH else 8 if chapter in MEDIUM else 0
    assert probability(PLAIN, hs_code=f"{chapter}01")[0] == f"{15 + points}.0"


@pytest.mark.parametrize(
    "text",
    [
        "foil",
        "strawberry",
        "mechanical",
        "goldfish",
        "implants",
        "begun",
        "drawn",
        "soiled",
        "handgun",
        "planted",
        "rawhide",
    ],
)
def test_a_word_within_a_word_does_not_count(text: str) -> None:
    assert phrases_in(text, KEYWORDS) == ()


@pytest.mark.parametrize(
    ("text", "keyword"),
    [
        ("Batteries", "battery"), ("knives", "knife"), ("essences", "essence"), ("OILS,", "oil"), ("drugs.", "drug"),
        ("live cultures", "live culture"), ("dual use goods", "dual-use"), ("Dual-Use", "dual-use"),
        ("jewellery", "jewelry"), ("plant-based", "plant"), ("oil/gas", "oil"), ("\uff08powder\uff09", "powder"),
    ],
)  # fmt: skip
def test_a_plural_counts_as_its_word(text: str, keyword: str) -> None:
    assert phrases_in(text, KEYWORDS) == (keyword,)


@pytest.mark.parametrize("text", ["live yoghurt culture", "culture live", "dual goods of use", "", "''", "—"])
def test_words_of_a_phrase_stand_side_by_side(text: str) -> None:
    assert phrases_in(text, KEYWORDS) == ()


def test_a_short_description_is_vague_and_earns_a_tip() -> None:
    short = inspection_probability(replace(PLAIN, description="wooden blocks for children"), RATES)
    long = inspection_probability(PLAIN, RATES)
    assert (short.is_description_vague, long.is_description_vague) == (True, False)
    assert len(short.mitigation_tips) == len(long.mitigation_tips) + 1


def test_it_says_that_it_is_a_heuristic_and_where_its_points_come_from() -> None:
    found = inspection_probability(TABLETS, RATES)
    assert found.method == HEURISTIC
    assert {factor.name: int(factor.points) for factor in found.risk_factors} == {
        "product_type": 20, "red_flag": 15, "chapter": 15, "first_time": 10, "high_value": 5,
    }  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        {"is_first_time": True, "clean_exports": 1},
        {"clean_exports": -1},
        {"value_usd": Decimal("NaN")},
        {"value_usd": Decimal(-1)},
        {"hs_code": "shirt"},
    ],
)
def test_what_cannot_be_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        probability(PLAIN, **changes)


SHIPMENTS = st.builds(
    Shipment,
    product_type=st.text(max_size=60) | st.sampled_from(TYPES),
    description=st.text(max_size=200) | st.lists(st.sampled_from(KEYWORDS)).map(" ".join),
    hs_code=st.none() | st.from_regex(r"[0-9]{4,10}", fullmatch=True),
    value_usd=st.none() | st.decimals(0, 10**9, places=2),
    has_violations=st.booleans(),
    clean_exports=st.integers(0, 100),
)


@given(SHIPMENTS)
def test_the_probability_stays_within_its_bounds(shipment: Shipment) -> None:
    found = inspection_probability(shipment, RATES)
    assert 0 <= found.probability_percent <= 95
    assert found.probability_percent.as_tuple().exponent == -1
    assert found.risk_level == (
        "high" if found.probability_percent >= 50 else "medium" if found.probability_percent >= 30 else "low"
    )
    assert len(found.mitigation_tips) == len(set(found.mitigation_tips)) >= 4


@given(SHIPMENTS)
def test_a_worse_past_never_makes_inspection_less_likely(shipment: Shipment) -> None:
    now = inspection_probability(replace(shipment, has_violations=False), RATES).probability_percent
    worse = inspection_probability(replace(shipment, has_violations=True), RATES).probability_percent
    cleaner = inspection_probability(replace(shipment, clean_exports=shipment.clean_exports + 50), RATES)
    assert worse >= now
    assert cleaner.probability_percent <= inspection_probability(shipment, RATES).probability_percent


def test_a_huge_description_is_read_in_no_time() -> None:
    found = inspection_probability(replace(PLAIN, description="a" * 100_000 + " oil" * 2_000), RATES)
    assert found.red_flag_keywords == ("oil",)
