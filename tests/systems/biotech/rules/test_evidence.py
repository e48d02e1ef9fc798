"""Claims about what signals say, and for how long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.systems.biotech.rules.decay import HALF_LIVES_DAYS, decayed_weight
from strongroom.systems.biotech.rules.enums import Component, Severity, SignalType
from strongroom.systems.biotech.rules.evidence import (
    Observation,
    component_of,
    direction_of,
    pressures,
    weight_of,
)
from strongroom.systems.biotech.rules.payloads import PAYLOADS

NOW = datetime(2026, 3, 1, tzinfo=UTC)
GOOD_NEWS = Observation("trial_success", NOW - timedelta(days=10), "high", 0.8)

observations = st.builds(
    Observation,
    signal_type=st.sampled_from([*SignalType, "test_signal"]),
    event_date=st.timedeltas(timedelta(days=-800), timedelta(days=300)).map(lambda age: NOW + age),
    severity=st.sampled_from(Severity),
    confidence=st.floats(0, 1),
    impact=st.floats(-10, 10),
)


def purchase(**data: Any) -> Observation:
    return Observation("insider_transaction", NOW, data={"transaction_type": "purchase", **data})


# decay


def test_news_of_the_last_week_weighs_more_than_in_full() -> None:
    assert decayed_weight(0) == decayed_weight(6.99) == 1.5


@pytest.mark.parametrize(
    ("age", "half_life", "weight"), [(30, 30, 0.5), (60, 30, 0.25), (14, 14, 0.5), (7, 14, 2**-0.5)]
)
def test_an_event_weighs_half_after_each_half_life(age: float, half_life: float, weight: float) -> None:
    assert decayed_weight(age, half_life) == pytest.approx(weight)


def test_an_event_is_never_quite_forgotten() -> None:
    assert decayed_weight(10_000) == 0.1


def test_what_has_not_happened_weighs_nothing() -> None:
    assert decayed_weight(-0.001) == 0


@given(st.floats(0, 5000), st.floats(0, 5000), st.sampled_from(sorted(HALF_LIVES_DAYS.values())))
def test_an_older_event_never_weighs_more(one: float, other: float, half_life: int) -> None:
    young, old = sorted([one, other])
    assert 0.1 <= decayed_weight(old, half_life) <= decayed_weight(young, half_life) <= 1.5


def test_every_component_has_a_half_life() -> None:
    assert set(HALF_LIVES_DAYS) == set(Component)


# direction


@pytest.mark.parametrize(
    ("signal_type", "data", "direction"),
    [
        ("trial_success", {}, 1),
        ("trial_failure", {}, -1),
        ("clinical_trial", {"outcome": "positive"}, 1),
        ("clinical_trial", {"outcome": "negative"}, -1),
        ("clinical_trial", {"outcome": "mixed"}, 0),
        ("clinical_trial", {"primary_endpoint_met": False}, -1),
        ("clinical_trial", {"status": "terminated"}, -0.5),
        ("clinical_trial", {}, 0),
        ("patent", {"patent_status": "granted"}, 1),
        ("patent", {"patent_status": "granted", "litigation_active": True}, -0.5),
        ("patent", {}, 0),
        ("financial", {"going_concern_warning": True}, 0.5),
        ("financial", {"going_concern_warning": True, "covenant_breach": True, "guidance_lowered": True}, 1),
        ("financial", {"cash_position_usd": 1}, 0),
        ("fda_approval", {}, 1),
        ("regulatory_setback", {}, -1),
        ("insider_transaction", {"transaction_type": "gift"}, 0),
        ("insider_transaction", {}, 0),
        ("sec_filing", {"filing_type": "8-K"}, 0),
        ("test_signal", {}, 0),
    ],
)
def test_a_signal_points_where_its_payload_says(signal_type: str, data: Mapping[str, Any], direction: float) -> None:
    assert direction_of(Observation(signal_type, NOW, data=data)) == direction


@given(observations)
def test_a_direction_lies_between_minus_one_and_one(observation: Observation) -> None:
    assert -1 <= direction_of(observation) <= 1


def test_an_impact_given_with_the_signal_goes_before_its_type() -> None:
    assert direction_of(replace(GOOD_NEWS, impact=-5)) == -0.5


def test_insiders_who_buy_raise_and_insiders_who_sell_lower() -> None:
    bought = purchase(insider_role="ceo", shares=10_000, price_per_share="100")
    sold = replace(bought, data={**bought.data, "transaction_type": "sale"})
    assert direction_of(bought) == -direction_of(sold) == pytest.approx(0.75)


def test_a_chief_says_more_than_a_director_and_a_planned_deal_says_little() -> None:
    chief, director = purchase(insider_role="ceo"), purchase(insider_role="director")
    assert direction_of(chief) > direction_of(director) > 0
    assert direction_of(purchase(insider_role="ceo", is_10b5_1_plan=True)) == direction_of(chief) / 4


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_larger_deal_never_says_less(one: int, other: int) -> None:
    small, large = sorted([one, other])
    larger = direction_of(purchase(shares=large, price_per_share="1"))
    assert 0 <= direction_of(purchase(shares=small, price_per_share="1")) <= larger <= 1


@given(
    st.sampled_from(SignalType),
    st.dictionaries(
        st.sampled_from([name for fields in PAYLOADS.values() for name in fields]),
        st.none() | st.booleans() | st.floats() | st.text() | st.lists(st.integers()),
    ),
)
def test_a_payload_that_nobody_checked_stops_no_score(signal_type: str, data: Mapping[str, Any]) -> None:
    assert -1 <= direction_of(Observation(signal_type, NOW, data=data)) <= 1


# pressure


@given(st.lists(observations, max_size=30))
def test_pressures_lie_between_minus_one_and_one(seen: list[Observation]) -> None:
    assert all(-1 <= pressure <= 1 for pressure in pressures(seen, NOW).values())


@given(st.lists(observations, max_size=10))
def test_the_order_of_signals_does_not_matter(seen: list[Observation]) -> None:
    assert pressures(seen, NOW) == pytest.approx(pressures(seen[::-1], NOW))


@given(st.lists(observations, max_size=10), st.sampled_from(Severity), st.floats(0, 1))
def test_good_news_never_lowers_a_pressure(seen: list[Observation], severity: Severity, confidence: float) -> None:
    more = pressures([*seen, replace(GOOD_NEWS, severity=severity, confidence=confidence)], NOW)
    assert more[Component.PIPELINE] >= pressures(seen, NOW).get(Component.PIPELINE, -1)


def test_severity_and_confidence_make_a_signal_louder() -> None:
    loudness = [weight_of(replace(GOOD_NEWS, severity=severity), NOW) for severity in Severity]
    assert loudness == sorted(set(loudness))
    assert weight_of(replace(GOOD_NEWS, confidence=0.4), NOW) == pytest.approx(weight_of(GOOD_NEWS, NOW) / 2)


def test_a_component_nothing_was_said_about_has_no_pressure() -> None:
    assert pressures([], NOW) == {}
    assert set(pressures([GOOD_NEWS], NOW)) == {Component.PIPELINE}


@pytest.mark.parametrize("event_date", [NOW + timedelta(seconds=1), NOW - timedelta(days=366)])
def test_signals_of_the_future_and_of_more_than_a_year_ago_are_left_out(event_date: datetime) -> None:
    assert pressures([replace(GOOD_NEWS, event_date=event_date)], NOW) == {}


@given(st.text(max_size=20))
def test_a_type_nobody_has_described_speaks_to_no_component(signal_type: str) -> None:
    if signal_type not in set(SignalType):
        assert component_of(signal_type) is None
        assert weight_of(Observation(signal_type, NOW, impact=10), NOW) == 0
