"""Claims about the hour that requests are counted in."""

from __future__ import annotations

from datetime import UTC, datetime

from strongroom.systems.biotech.rules.rate import WINDOW, Allowance, window_of

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_a_request_counts_in_the_hour_it_is_made_in() -> None:
    assert window_of(NOON.replace(minute=59, second=59, microsecond=999_999)) == NOON
    assert window_of(NOON + WINDOW) == NOON + WINDOW


def test_what_remains_is_never_negative() -> None:
    assert Allowance(10, 4, NOON).remaining == 6
    assert Allowance(10, 12, NOON).remaining == 0


def test_one_waits_whole_seconds_and_never_none() -> None:
    allowance = Allowance(10, 10, NOON + WINDOW)
    assert allowance.wait_s(NOON.replace(minute=59, second=59, microsecond=500_000)) == 1
    assert allowance.wait_s(NOON) == 3601
