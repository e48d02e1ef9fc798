"""Claims about pairs of target and buyer."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.systems.biotech.rules.enums import TherapeuticArea
from strongroom.systems.biotech.rules.matching import (
    Acquirer,
    Fit,
    PremiumTier,
    Target,
    best_matches,
    cliff_urgency,
    financial_capacity,
    geographic_fit,
    is_strong,
    likelihood_of,
    match,
    premium_pct,
    premium_tier,
    ranked,
    therapeutic_overlap,
    valuation_of,
)

BILLION = Decimal(10**9)
TARGET = Target("SMOL", frozenset({"oncology", "immunology"}), 8.5, BILLION, "Boston, MA")
BUYER = Acquirer(
    "BIG",
    "Big Pharma",
    frozenset({"oncology", "immunology", "neurology"}),
    5 * BILLION,
    100 * BILLION,
    "Boston, MA",
    5,
    2,
)

areas = st.frozensets(st.sampled_from(sorted(TherapeuticArea)), max_size=5)
usd = st.decimals(min_value=-(10**12), max_value=10**12, places=2)
money = st.decimals(min_value=0, max_value=10**12, places=2)
places = st.none() | st.sampled_from(["Boston, MA", "San Diego, CA", "Basel, Switzerland", "  ", ""])
targets = st.builds(
    Target,
    ticker=st.just("SMOL"),
    therapeutic_areas=areas,
    best_phase_score=st.floats(0, 10),
    enterprise_value_usd=usd,
    headquarters=places,
)
acquirers = st.builds(
    Acquirer,
    ticker=st.sampled_from(["SMOL", *(f"B{number}" for number in range(9))]),
    name=st.just("Buyer"),
    therapeutic_areas=areas,
    cash_usd=money,
    market_cap_usd=money,
    headquarters=places,
    deals_in_five_years=st.integers(0, 20),
    patent_cliff_years=st.none() | st.floats(0, 30),
)
sub_scores = st.floats(0, 10)
fits = st.builds(Fit, sub_scores, sub_scores, sub_scores, sub_scores, sub_scores)


def fit_of_tens(**lower: float) -> Fit:
    return Fit(
        **{**dict.fromkeys(("strategic", "therapeutic", "financial", "geographic", "historical"), 10.0), **lower}
    )


@given(targets, acquirers)
def test_every_figure_of_a_match_stays_within_its_bounds(target: Target, acquirer: Acquirer) -> None:
    pair = match(target, acquirer)
    fit = pair.fit
    for score in (fit.strategic, fit.therapeutic, fit.financial, fit.geographic, fit.historical):
        assert 0 <= score <= 10
    assert 0 <= pair.score <= 100
    assert 0 <= fit.alignment <= 100
    assert 30 <= pair.premium_pct <= 80
    assert 0.05 <= pair.likelihood <= 0.7
    if pair.valuation:
        assert target.enterprise_value_usd <= pair.valuation.low <= pair.valuation.base <= pair.valuation.high


def test_a_perfect_pair_scores_100_and_a_hopeless_one_0() -> None:
    assert fit_of_tens().overall == 100
    assert Fit(0, 0, 0, 0, 0).overall == 0


@pytest.mark.parametrize(
    ("lowered", "overall"),
    [("strategic", 70), ("therapeutic", 70), ("financial", 80), ("geographic", 90), ("historical", 90)],
)
def test_each_sub_score_has_its_weight(lowered: str, overall: float) -> None:
    assert fit_of_tens(**{lowered: 0}).overall == overall


@given(fits, st.sampled_from(["strategic", "therapeutic", "financial", "geographic", "historical"]), sub_scores)
def test_a_better_sub_score_never_lowers_the_match(fit: Fit, name: str, score: float) -> None:
    raised: dict[str, Any] = {name: max(score, getattr(fit, name))}
    assert replace(fit, **raised).overall >= fit.overall


@given(targets, acquirers, areas)
def test_a_buyer_with_more_fields_never_fits_worse(target: Target, acquirer: Acquirer, more: frozenset[str]) -> None:
    broader = replace(acquirer, therapeutic_areas=acquirer.therapeutic_areas | more)
    assert match(target, broader).score >= match(target, acquirer).score


@given(targets, acquirers, money)
def test_a_richer_buyer_never_fits_worse(target: Target, acquirer: Acquirer, more: Decimal) -> None:
    richer = replace(acquirer, cash_usd=acquirer.cash_usd + more)
    assert match(target, richer).score >= match(target, acquirer).score


@given(targets, acquirers, st.floats(0, 30), st.floats(0, 30))
def test_a_nearer_patent_cliff_never_lowers_the_match_or_the_premium(
    target: Target, acquirer: Acquirer, one: float, other: float
) -> None:
    near, far = sorted([one, other])
    hurried = match(target, replace(acquirer, patent_cliff_years=near))
    relaxed = match(target, replace(acquirer, patent_cliff_years=far))
    assert hurried.score >= relaxed.score
    assert hurried.premium_pct >= relaxed.premium_pct


def test_overlap_is_the_share_of_the_targets_fields() -> None:
    assert therapeutic_overlap(frozenset({"oncology", "other"}), frozenset({"oncology"})) == 5
    assert therapeutic_overlap(frozenset(), frozenset({"oncology"})) == 0


@pytest.mark.parametrize(
    ("cash", "cap", "capacity"), [("1.3", "0", 10), ("0.65", "0", 5), ("0", "5.2", 10), ("0", "0", 0)]
)
def test_a_buyer_pays_from_its_cash_and_a_quarter_of_its_value(cash: str, cap: str, capacity: float) -> None:
    buyer = replace(BUYER, cash_usd=Decimal(cash) * BILLION, market_cap_usd=Decimal(cap) * BILLION)
    assert financial_capacity(buyer, BILLION) == capacity


def test_anybody_can_afford_a_company_worth_less_than_its_cash() -> None:
    broke = replace(BUYER, cash_usd=Decimal(0), market_cap_usd=Decimal(0))
    assert financial_capacity(broke, Decimal(-1)) == 10


@pytest.mark.parametrize(
    ("one", "other", "fit"),
    [
        ("Boston, MA", "boston, ma ", 10),
        ("Boston, MA", "San Diego, CA", 8),
        ("Boston, MA, USA", "San Diego, CA", 8),
        ("Boston, MA", "Basel, Switzerland", 3),
        ("Zug, Switzerland", "Basel, Switzerland", 8),
        ("Boston, MA", None, 5),
        (" ", "Boston, MA", 5),
    ],
)
def test_places_are_compared_by_their_country(one: str | None, other: str | None, fit: float) -> None:
    assert geographic_fit(one, other) == geographic_fit(other, one) == fit


@pytest.mark.parametrize(("years", "urgency"), [(None, 0), (0, 1), (3, 1), (6.5, 0.5), (10, 0), (30, 0)])
def test_the_cliff_is_urgent_within_three_years_and_far_from_ten(years: float | None, urgency: float) -> None:
    assert cliff_urgency(years) == urgency


@pytest.mark.parametrize(
    ("strategic", "cliff", "premium"),
    [(0, None, 30), (0, 3, 50), (0, 3.01, 30), (6, None, 45), (5.9, None, 30), (10, 1, 65)],
)
def test_the_premium_grows_with_hurry_and_with_fit(strategic: float, cliff: float | None, premium: float) -> None:
    assert premium_pct(fit_of_tens(strategic=strategic), cliff) == premium


@pytest.mark.parametrize(
    ("premium", "tier"),
    [
        (-0.01, PremiumTier.DISCOUNT),
        (0, PremiumTier.MINIMAL),
        (20, PremiumTier.BELOW_AVERAGE),
        (40, PremiumTier.AVERAGE),
        (70, PremiumTier.ABOVE_AVERAGE),
        (100, PremiumTier.HIGH),
        (150, PremiumTier.EXTREME),
    ],
)
def test_each_tier_begins_where_the_one_before_it_ends(premium: float, tier: PremiumTier) -> None:
    assert premium_tier(premium) is tier


@pytest.mark.parametrize(
    ("score", "likelihood"),
    [(100, 0.7), (80, 0.7), (79.99, 0.5), (70, 0.5), (60, 0.3), (50, 0.15), (49.99, 0.05), (0, 0.05)],
)
def test_the_likelihood_goes_in_steps(score: float, likelihood: float) -> None:
    assert likelihood_of(score) == likelihood


def test_a_match_is_strong_from_70() -> None:
    assert is_strong(70)
    assert not is_strong(69.99)


def test_a_valuation_runs_from_half_the_premium_to_one_and_a_half() -> None:
    valuation = valuation_of(BILLION, 40)
    assert valuation is not None
    assert (valuation.low, valuation.base, valuation.high) == (12 * BILLION / 10, 14 * BILLION / 10, 16 * BILLION / 10)
    assert str(valuation) == "$1.20B to $1.60B"


@pytest.mark.parametrize("value", [Decimal(0), Decimal("-0.01")])
def test_a_company_worth_less_than_its_cash_is_not_valued(value: Decimal) -> None:
    assert valuation_of(value, 40) is None


@given(targets, st.lists(acquirers, max_size=12), st.floats(0, 100))
def test_the_best_matches_come_best_first_and_nobody_buys_itself(
    target: Target, buyers: list[Acquirer], least: float
) -> None:
    pairs = best_matches(target, buyers, min_score=least)
    assert [(-pair.score, pair.acquirer.ticker) for pair in pairs] == sorted(
        (-pair.score, pair.acquirer.ticker) for pair in pairs
    )
    assert all(pair.score >= least and pair.acquirer.ticker != target.ticker for pair in pairs)


def test_ranks_begin_at_1_without_gaps_and_five_are_at_the_top() -> None:
    assert ranked(list("abcdefg")) == [(n, n <= 5, letter) for n, letter in enumerate("abcdefg", 1)]


def test_only_so_many_are_kept_as_were_asked_for() -> None:
    buyers = [replace(BUYER, ticker=f"B{number}") for number in range(9)]
    assert [pair.acquirer.ticker for pair in best_matches(TARGET, buyers, limit=2)] == ["B0", "B1"]
