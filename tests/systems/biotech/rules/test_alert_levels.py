"""Claims about how urgent an alert is."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from strongroom.systems.biotech.rules.alert_levels import dedupe_key, level_of_score, level_of_signal


@pytest.mark.parametrize(
    ("total", "rises", "level"),
    [
        (85, {}, "critical"), (84.99, {}, "high"), (75, {}, "high"), (74.99, {}, "medium"), (65, {}, "medium"),
        (64.99, {}, "info"), (50, {7: 15}, "critical"), (50, {7: 14.9}, "info"), (50, {14: 10}, "high"),
        (50, {14: 9, 30: 5}, "medium"), (50, {30: 4.9}, "info"), (50, {7: None, 14: None, 30: None}, "info"),
        (50, {7: -20, 14: -20, 30: -20}, "info"),
    ],
)  # fmt: skip
def test_the_level_follows_from_where_the_score_is_and_how_fast_it_rose(
    total: float, rises: dict[int, float | None], level: str
) -> None:
    assert level_of_score(total, rises) == level


def test_the_level_of_a_signal_follows_from_its_severity() -> None:
    assert [level_of_signal(severity) for severity in ("low", "medium", "high", "critical")] == [
        "info", "medium", "high", "critical",
    ]  # fmt: skip


def test_a_trigger_is_unique_by_alert_subject_and_day() -> None:
    day = datetime(2026, 1, 1, 23, 59, tzinfo=UTC)
    keys = {
        dedupe_key(UUID(int=1), UUID(int=2), day),
        dedupe_key(UUID(int=1), UUID(int=2), day.replace(hour=0)),
        dedupe_key(UUID(int=2), UUID(int=2), day),
        dedupe_key(UUID(int=1), UUID(int=1), day),
        dedupe_key(UUID(int=1), UUID(int=2), day.replace(day=2)),
    }
    assert len(keys) == 4
