"""Claims about scores: their bounds, their words, and which way each input moves them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.biotech.rules.components import (
    Asset,
    financial_score,
    patent_score,
    pipeline_score,
    signal_score,
    strategic_fit_score,
)
from strongroom.systems.biotech.rules.enums import Component, TherapeuticArea
from strongroom.systems.biotech.rules.scoring import (
    DEFAULT_WEIGHTING,
    RiskLevel,
    Trend,
    Weighting,
    is_stale,
    key_drivers,
    known_weight,
    risk_factors,
    risk_level,
    trend_of,
    weighted_total,
)

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ALL = dict.fromkeys(Component, 100.0)

shares = st.floats(0, 1)
scores = st.floats(0, 100)
pressures = st.floats(-1, 1)
years = st.floats(0, 40)
usd = st.decimals(min_value=0, max_value=10**12, places=2)
assets = st.builds(
    Asset,
    phase_score=st.floats(0, 10),
    orphan_designation=st.booleans(),
    fast_track=st.booleans(),
    breakthrough_therapy=st.booleans(),
    patent_years=st.none() | years,
)
pipelines = st.lists(assets, min_size=1, max_size=6)
areas = st.lists(st.sampled_from(sorted(TherapeuticArea)), min_size=1, max_size=4)
components = st.fixed_dictionaries(dict.fromkeys(Component, st.none() | scores))


def known(score: float | None) -> float:
    assert score is not None
    return score


# bounds


@given(pipelines, usd, usd, st.none() | st.floats(0, 100), areas, st.none() | scores, pressures)
def test_every_component_lies_between_0_and_100(
    pipeline: list[Asset],
    cash: Decimal,
    market_cap: Decimal,
    runway: float | None,
    fields: list[str],
    best: float | None,
    pressure: float,
) -> None:
    for score in (
        pipeline_score(pipeline, pressure),
        patent_score(pipeline, pressure),
        financial_score(runway, cash, market_cap, pressure),
        strategic_fit_score(fields, market_cap, best, pressure),
        signal_score(pressure),
    ):
        assert score is None or 0 <= score <= 100


def test_every_component_can_reach_100() -> None:
    best = Asset(10, patent_years=20)
    assert pipeline_score([best, best, best]) == 100
    assert patent_score([best, best, best]) == 100
    assert financial_score(1, Decimal(10), Decimal(10)) == 100
    assert strategic_fit_score(["oncology"], Decimal(10**9), 100) == 100
    assert signal_score(1) == 100


def test_every_component_can_reach_0() -> None:
    assert pipeline_score([Asset(0)]) == 0
    assert patent_score([Asset(0, patent_years=0)]) == 0
    assert financial_score(20, Decimal(0), Decimal(10)) == 0
    assert strategic_fit_score([], Decimal(0), 0) == 0
    assert signal_score(-1) == 0


def test_nothing_to_judge_by_is_not_a_score_of_0() -> None:
    assert pipeline_score([]) is None
    assert patent_score([Asset(5)]) is None
    assert financial_score(None, Decimal(0), Decimal(0)) is None
    assert strategic_fit_score([], Decimal(10**9)) is None
    assert signal_score(None) is None


# direction


@given(pipelines, assets, pressures)
def test_another_asset_never_lowers_the_pipeline(pipeline: list[Asset], another: Asset, pressure: float) -> None:
    assert known(pipeline_score([*pipeline, another], pressure)) >= known(pipeline_score(pipeline, pressure))


@given(pipelines, st.floats(0, 10), pressures)
def test_a_later_phase_never_lowers_the_pipeline(pipeline: list[Asset], phase: float, pressure: float) -> None:
    advanced = replace(pipeline[0], phase_score=max(phase, pipeline[0].phase_score))
    assert known(pipeline_score([advanced, *pipeline[1:]], pressure)) >= known(pipeline_score(pipeline, pressure))


@given(pipelines, st.sampled_from(["orphan_designation", "fast_track", "breakthrough_therapy"]))
def test_a_designation_never_lowers_the_pipeline(pipeline: list[Asset], name: str) -> None:
    given_one: Mapping[str, Any] = {name: True}
    designated = [replace(pipeline[0], **given_one), *pipeline[1:]]
    assert known(pipeline_score(designated)) >= known(pipeline_score(pipeline))


def test_the_designations_of_a_discontinued_drug_count_nothing() -> None:
    assert pipeline_score([Asset(0, orphan_designation=True, fast_track=True, breakthrough_therapy=True)]) == 0


@given(years, years, pipelines)
def test_a_longer_patent_never_lowers_the_patents(one: float, other: float, rest: list[Asset]) -> None:
    short, long = sorted([one, other])
    lower = known(patent_score([Asset(5, patent_years=short), *rest]))
    assert known(patent_score([Asset(5, patent_years=long), *rest])) >= lower


@given(st.floats(0, 50), st.floats(0, 50), usd, usd, pressures)
def test_a_longer_runway_never_raises_the_pressure_to_sell(
    one: float, other: float, cash: Decimal, market_cap: Decimal, pressure: float
) -> None:
    short, long = sorted([one, other])
    higher = known(financial_score(short, cash, market_cap, pressure))
    assert known(financial_score(long, cash, market_cap, pressure)) <= higher


@given(st.floats(0, 50), usd, usd, usd)
def test_more_cash_at_the_same_runway_never_lowers_the_finances(
    runway: float, one: Decimal, other: Decimal, market_cap: Decimal
) -> None:
    less, more = sorted([one, other])
    assert known(financial_score(runway, more, market_cap)) >= known(financial_score(runway, less, market_cap))


@given(areas, st.sampled_from(sorted(TherapeuticArea)), usd, scores, scores)
def test_another_field_or_a_better_match_never_lowers_the_fit(
    fields: list[str], another: str, market_cap: Decimal, one: float, other: float
) -> None:
    worse, better = sorted([one, other])
    base = known(strategic_fit_score(fields, market_cap, worse))
    assert known(strategic_fit_score([*fields, another], market_cap, worse)) >= base
    assert known(strategic_fit_score(fields, market_cap, better)) >= base


def test_companies_too_small_or_too_large_to_buy_fit_worse() -> None:
    fits = [known(strategic_fit_score(["other"], Decimal(10) ** digits)) for digits in (7, 8, 9, 10, 11)]
    assert fits[0] < fits[1] == fits[2] == fits[3] > fits[4]


@given(pipelines, pressures, pressures)
def test_better_news_never_lowers_a_component(pipeline: list[Asset], one: float, other: float) -> None:
    worse, better = sorted([one, other])
    assert known(pipeline_score(pipeline, better)) >= known(pipeline_score(pipeline, worse))
    assert known(signal_score(better)) >= known(signal_score(worse))


@given(pipelines)
def test_silence_leaves_a_component_at_its_base(pipeline: list[Asset]) -> None:
    assert known(pipeline_score(pipeline, 0)) == known(pipeline_score(pipeline))
    assert signal_score(0) == 0


# the total


def test_the_weights_sum_to_one() -> None:
    assert sum(DEFAULT_WEIGHTING.weights.values()) == 1


@given(components, st.booleans())
def test_the_total_lies_between_0_and_100(parts: dict[Component, float | None], redistribute: bool) -> None:
    assert 0 <= weighted_total(parts, redistribute=redistribute) <= 100


def test_the_total_reaches_both_ends() -> None:
    assert weighted_total(ALL) == 100
    assert weighted_total(dict.fromkeys(Component, 0.0)) == 0


@given(components, st.sampled_from(Component), scores, st.booleans())
def test_a_higher_component_never_lowers_the_total(
    parts: dict[Component, float | None], raised: Component, score: float, redistribute: bool
) -> None:
    before = parts[raised]
    assume(before is not None and before <= score)
    higher = weighted_total({**parts, raised: score}, redistribute=redistribute)
    assert higher >= weighted_total(parts, redistribute=redistribute)


def test_the_total_is_the_weighted_sum() -> None:
    parts = dict(zip(Component, (90.0, 80.0, 70.0, 60.0, 50.0, 40.0), strict=True))
    assert weighted_total(parts) == 27 + 16 + 10.5 + 9 + 5 + 4


def test_a_missing_component_counts_nothing_unless_its_weight_is_redistributed_on_request() -> None:
    parts = {**ALL, Component.PIPELINE: None}
    assert weighted_total(parts) == 70
    assert weighted_total(parts, redistribute=True) == 100


def test_a_component_that_is_not_even_named_is_missing_too() -> None:
    assert weighted_total({Component.PATENT: 50.0}) == 10
    assert weighted_total({Component.PATENT: 50.0}, redistribute=True) == 50
    assert weighted_total({}, redistribute=True) == 0


@given(components)
def test_what_is_known_is_a_share_of_the_weights(parts: dict[Component, float | None]) -> None:
    assert 0 <= known_weight(parts) <= 1
    assert (known_weight(parts) == 1) == (None not in parts.values())


# models


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"pipeline": "0.31"}, "must sum to 1"),
        ({"pipeline": "1.30", "patent": "-0.80"}, "between 0 and 1"),
        ({"pipeline": "lots"}, "a number for each"),
        ({"pipeline": "NaN"}, "a number for each"),
        ({"luck": "0"}, "a number for each"),
    ],
)
def test_weights_that_are_no_weights_are_refused(changes: dict[str, str], sentence: str) -> None:
    with pytest.raises(InvalidValue, match=sentence):
        Weighting.from_document("2.0", {**DEFAULT_WEIGHTING.to_document(), **changes})


def test_a_model_that_forgets_a_component_is_refused() -> None:
    with pytest.raises(InvalidValue, match="each of the six"):
        Weighting("2.0", {Component.PIPELINE: Decimal(1)})


def test_a_model_is_stored_and_read_without_loss() -> None:
    assert Weighting.from_document("1.0", DEFAULT_WEIGHTING.to_document()) == DEFAULT_WEIGHTING


def test_weights_may_be_json_numbers() -> None:
    weights = {part.value: float(weight) for part, weight in DEFAULT_WEIGHTING.weights.items()}
    assert Weighting.from_document("1.0", weights).weights == DEFAULT_WEIGHTING.weights


# words


@pytest.mark.parametrize(
    ("total", "level"),
    [
        (100, RiskLevel.VERY_HIGH),
        (80, RiskLevel.VERY_HIGH),
        (79.99, RiskLevel.HIGH),
        (65, RiskLevel.HIGH),
        (64.99, RiskLevel.MEDIUM),
        (45, RiskLevel.MEDIUM),
        (44.99, RiskLevel.LOW),
        (25, RiskLevel.LOW),
        (24.99, RiskLevel.VERY_LOW),
        (0, RiskLevel.VERY_LOW),
    ],
)
def test_levels_begin_at_their_least_total(total: float, level: RiskLevel) -> None:
    assert risk_level(total) is level


@pytest.mark.parametrize(
    ("change", "trend"),
    [
        (None, None),
        (0, Trend.STABLE),
        (1.99, Trend.STABLE),
        (-1.99, Trend.STABLE),
        (2, Trend.RISING),
        (-2, Trend.FALLING),
    ],
)
def test_a_change_of_less_than_two_is_stable(change: float | None, trend: Trend | None) -> None:
    assert trend_of(change) is trend


def test_a_score_is_stale_after_seven_days() -> None:
    assert not is_stale(NOW - timedelta(days=7), NOW)
    assert is_stale(NOW - timedelta(days=7, microseconds=1), NOW)


def test_the_drivers_are_what_adds_most_with_its_arithmetic_shown() -> None:
    parts = {**dict.fromkeys(Component, 10.0), Component.PIPELINE: 90.0, Component.REGULATORY: 100.0}
    assert key_drivers(parts) == [
        "pipeline 90.00 x 0.30 = 27.00",
        "regulatory 100.00 x 0.10 = 10.00",
        "patent 10.00 x 0.20 = 2.00",
    ]


def test_what_is_low_and_what_is_unknown_speaks_against_a_score() -> None:
    parts = {**ALL, Component.INSIDER: 24.99, Component.FINANCIAL: 25.0, Component.PATENT: None}
    assert risk_factors(parts) == ["insider only 24.99", "no data for patent"]
