"""Claims about what a score is made from."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from strongroom.systems.biotech.rules.components import Asset
from strongroom.systems.biotech.rules.enums import Component, Severity, SignalType, TherapeuticArea
from strongroom.systems.biotech.rules.evidence import Observation, direction_of, pressures
from strongroom.systems.biotech.rules.facts import Facts
from strongroom.systems.biotech.rules.scoring import weighted_total

NOW = datetime(2026, 3, 1, tzinfo=UTC)

usd = st.decimals(min_value=0, max_value=10**12, places=2)
assets = st.builds(
    Asset,
    phase_score=st.floats(0, 10),
    orphan_designation=st.booleans(),
    fast_track=st.booleans(),
    breakthrough_therapy=st.booleans(),
    patent_years=st.none() | st.floats(0, 40),
)
facts = st.builds(
    Facts,
    assets=st.lists(assets, max_size=5).map(tuple),
    runway_quarters=st.none() | st.floats(0, 100),
    cash_usd=usd,
    market_cap_usd=usd,
    therapeutic_areas=st.lists(st.sampled_from([str(area) for area in TherapeuticArea]), max_size=3).map(tuple),
    best_match=st.none() | st.floats(0, 100),
    pressures=st.dictionaries(st.sampled_from(Component), st.floats(-1, 1)),
)
observations = st.builds(
    Observation,
    signal_type=st.sampled_from(SignalType),
    event_date=st.timedeltas(timedelta(days=-364), timedelta(0)).map(lambda age: NOW + age),
    severity=st.sampled_from(Severity),
    confidence=st.floats(0, 1),
    impact=st.floats(-10, 10),
)


@given(facts)
def test_a_score_can_be_computed_again_from_what_is_stored_beside_it(known: Facts) -> None:
    stored = json.loads(json.dumps(known.to_document()))
    again = Facts.from_document(stored)
    assert again == known
    assert again.components() == known.components()


@given(facts)
def test_facts_give_every_component_or_say_that_it_is_unknown(known: Facts) -> None:
    components = known.components()
    assert list(components) == list(Component)
    assert all(score is None or 0 <= score <= 100 for score in components.values())


@given(facts, st.lists(observations, max_size=5), observations)
def test_no_signal_moves_a_total_against_its_direction(
    known: Facts, seen: list[Observation], another: Observation
) -> None:
    before, after = (
        weighted_total(replace(known, pressures=pressures(signals, NOW)).components())
        for signals in (seen, [*seen, another])
    )
    if direction_of(another) >= 0:
        assert after >= before
    if direction_of(another) <= 0:
        assert after <= before


def test_a_company_nothing_is_known_about_scores_0() -> None:
    assert set(Facts().components().values()) == {None}
    assert weighted_total(Facts().components()) == 0
