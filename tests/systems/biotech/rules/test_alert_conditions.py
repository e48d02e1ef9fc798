"""Claims about conditions of alerts: how they are read, and when each kind goes off."""

from __future__ import annotations

from typing import Any

import pytest

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.biotech.rules.alert_conditions import (
    Change,
    Condition,
    NewSignal,
    Occasion,
    Scope,
    Threshold,
    parse_condition,
)
from strongroom.systems.biotech.rules.enums import Severity


@pytest.mark.parametrize(
    ("alert_type", "document", "condition"),
    [
        ("score_threshold", {"threshold": 80, "operator": ">=", "metric": "total_score"}, Threshold(80)),
        ("score_threshold", {"threshold": 80}, Threshold(80)),
        ("score_threshold", {"threshold": 40.5, "direction": "below"}, Threshold(40.5, "<=")),
        ("score_threshold", {"threshold": 40, "direction": "below", "operator": "<"}, Threshold(40, "<")),
        ("score_threshold", {"threshold": 60, "metric": "pipeline_score"}, Threshold(60, ">=", "pipeline_score")),
        (
            "custom",
            {"min_ma_score": 80, "therapeutic_areas": ["oncology"]},
            Threshold(80, scope=Scope(None, frozenset({"oncology"}))),
        ),
        (
            "score_threshold",
            {"score_threshold": 80, "companies": ["abcd"]},
            Threshold(80, scope=Scope(frozenset({"ABCD"}))),
        ),
        ("score_change", {"change": 10, "period": "30d", "direction": "increase"}, Change(10, 30, "increase")),
        ("score_change", {"change": 10}, Change(10, 30, "any")),
        ("custom", {"change": 5, "period": "7d"}, Change(5, 7)),
        (
            "new_signal",
            {"signal_types": ["fda_approval"], "severity": "high", "tickers": ["ABCD"]},
            NewSignal(frozenset({"fda_approval"}), Severity.HIGH, Scope(frozenset({"ABCD"}))),
        ),
        ("new_signal", {}, NewSignal()),
        ("custom", {"severity": "critical"}, NewSignal(None, Severity.CRITICAL)),
        ("watchlist_add", {}, Occasion()),
        ("report_ready", {}, Occasion()),
    ],
)
def test_a_condition_is_read_as_what_it_says(alert_type: str, document: dict[str, Any], condition: Condition) -> None:
    assert parse_condition(alert_type, document) == condition


@pytest.mark.parametrize(
    ("alert_type", "document"),
    [
        ("score_threshold", {}),
        ("score_threshold", {"threshold": "80"}),
        ("score_threshold", {"threshold": True}),
        ("score_threshold", {"threshold": float("nan")}),
        ("score_threshold", {"threshold": 101}),
        ("score_threshold", {"threshold": 80, "min_ma_score": 70}),
        ("score_threshold", {"threshold": 80, "operator": "=>"}),
        ("score_threshold", {"threshold": 80, "operator": ["<"]}),
        ("score_threshold", {"threshold": 80, "operator": ">", "direction": "below"}),
        ("score_threshold", {"threshold": 80, "metric": "ticker"}),
        ("score_threshold", {"threshold": 80, "treshold": 70}),
        ("score_threshold", {"threshold": 80, "period": "7d"}),
        ("score_change", {"change": 0}),
        ("score_change", {"change": -5}),
        ("score_change", {"change": 5, "period": "0d"}),
        ("score_change", {"change": 5, "period": "366d"}),
        ("score_change", {"change": 5, "period": 30}),
        ("score_change", {"change": 5, "direction": "above"}),
        ("new_signal", {"severity": "banana"}),
        ("new_signal", {"signal_types": []}),
        ("new_signal", {"signal_types": "fda_approval"}),
        ("new_signal", {"therapeutic_areas": ["astrology"]}),
        ("custom", {}),
        ("custom", {"tickers": ["ABCD"]}),
        ("watchlist_add", {"threshold": 80}),
    ],
)
def test_a_condition_that_says_nothing_certain_is_refused(alert_type: str, document: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        parse_condition(alert_type, document)


def test_the_alerts_own_columns_take_precedence_or_narrow_further() -> None:
    assert parse_condition("score_threshold", {"threshold": 80}, threshold_value=70) == Threshold(70)
    assert parse_condition("custom", {}, threshold_value=70) == Threshold(70)
    narrowed = parse_condition("new_signal", {"tickers": ["A", "B"]}, tickers=["B", "C"], signal_types=["patent"])
    assert narrowed == NewSignal(frozenset({"patent"}), Severity.LOW, Scope(frozenset({"B"})))


@pytest.mark.parametrize(
    ("operator", "previous", "current", "crosses"),
    [
        (">=", 79.99, 80, True), (">=", None, 80, True), (">=", 80, 85, False), (">=", 85, 79, False),
        (">", 80, 80.01, True), (">", 79, 80, False),
        ("<=", 81, 80, True), ("<=", 80, 75, False), ("<", 80, 79.9, True), ("<", None, 81, False),
        ("==", 79, 80, True), ("==", 80, 80, False),
    ],
)  # fmt: skip
def test_a_threshold_is_crossed_once_and_not_again_while_the_score_stays_beyond(
    operator: str, previous: float | None, current: float, crosses: bool
) -> None:
    assert Threshold(80, operator).is_crossed(previous, current) is crosses


@pytest.mark.parametrize(
    ("direction", "moved", "reached"),
    [
        ("any", 10, True), ("any", -10, True), ("any", 9.99, False), ("any", None, False),
        ("increase", 10, True), ("increase", -10, False), ("decrease", -10.5, True), ("decrease", 10, False),
    ],
)  # fmt: skip
def test_a_change_counts_in_its_direction_from_its_size_on(direction: str, moved: float | None, reached: bool) -> None:
    assert Change(10, 30, direction).is_reached(moved) is reached


@pytest.mark.parametrize(
    ("types", "signal_type", "severity", "met"),
    [
        (None, "patent", "high", True), (None, "patent", "critical", True), (None, "patent", "medium", False),
        ({"patent"}, "patent", "high", True), ({"patent"}, "hiring", "critical", False),
    ],
)  # fmt: skip
def test_a_signal_is_told_of_its_type_at_its_level_or_above(
    types: set[str] | None, signal_type: str, severity: str, met: bool
) -> None:
    condition = NewSignal(None if types is None else frozenset(types), Severity.HIGH)
    assert condition.is_met(signal_type, severity) is met


def test_a_scope_covers_its_tickers_and_companies_with_one_of_its_areas() -> None:
    scope = Scope(frozenset({"ABCD"}), frozenset({"oncology", "metabolic"}))
    assert scope.covers("ABCD", ["metabolic", "other"])
    assert not scope.covers("ABCD", ["other"])
    assert not scope.covers("WXYZ", ["oncology"])
    assert Scope().covers("WXYZ", [])
