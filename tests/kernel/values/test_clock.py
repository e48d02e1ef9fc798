"""Claims about clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from strongroom.kernel.values import Clock, FixedClock, SystemClock, as_utc

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_the_system_clock_tells_utc() -> None:
    clock: Clock = SystemClock()
    before = datetime.now(UTC)
    assert before <= clock.now() <= datetime.now(UTC)
    assert clock.now().tzinfo is UTC


def test_a_fixed_clock_stands_still_until_it_is_advanced() -> None:
    clock = FixedClock(NOON)
    assert clock.now() == clock.now() == NOON
    assert clock.advance(timedelta(hours=1)) == clock.now() == NOON + timedelta(hours=1)


def test_a_fixed_clock_never_runs_backwards() -> None:
    clock = FixedClock(NOON)
    with pytest.raises(ValueError, match="forward"):
        clock.advance(timedelta(seconds=-1))
    assert clock.now() == NOON


def test_a_fixed_clock_tells_utc_whatever_it_was_given() -> None:
    tokyo = timezone(timedelta(hours=9))
    assert FixedClock(NOON.astimezone(tokyo)).now().tzinfo is UTC
    assert as_utc(NOON.replace(tzinfo=None)) == NOON
