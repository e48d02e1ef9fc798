"""Claims about trying again: how often, how long apart, and what an answer means."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.biotech.rules.retry import (
    PAUSE_MAX_S,
    RetryPolicy,
    Verdict,
    asked_pause_s,
    check_timeout,
    judge,
    parse_policy,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_there_is_one_attempt_more_than_retries() -> None:
    assert RetryPolicy(max_retries=0).attempts_max == 1
    assert RetryPolicy().attempts_max == 4


def test_each_pause_is_twice_the_one_before() -> None:
    policy = RetryPolicy(retry_delay_s=60)
    assert [policy.pause_s(failures, 0.0) for failures in (1, 2, 3)] == [60, 120, 240]


def test_chance_adds_up_to_a_quarter_and_takes_nothing_away() -> None:
    policy = RetryPolicy(retry_delay_s=60)
    assert policy.pause_s(1, 0.5) == 67.5
    assert policy.pause_s(1, 1.0) == 75


def test_no_pause_is_longer_than_a_day() -> None:
    assert RetryPolicy(max_retries=20, retry_delay_s=3600).pause_s(20, 1.0) == PAUSE_MAX_S == 86_400


def test_a_policy_is_read_back_as_it_was_written() -> None:
    policy = RetryPolicy(5, 10)
    assert parse_policy(policy.to_document()) == policy
    assert parse_policy({}) == RetryPolicy(3, 60)


@pytest.mark.parametrize(
    "document",
    [
        {"max_retries": -1}, {"max_retries": 21}, {"max_retries": 1.5}, {"max_retries": True}, {"max_retries": "3"},
        {"retry_delay_seconds": 0}, {"retry_delay_seconds": 3601}, {"backoff": 2},
    ],
)  # fmt: skip
def test_a_policy_without_sense_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        parse_policy(document)


@pytest.mark.parametrize("seconds", [0, 121, True])
def test_a_timeout_lies_between_one_second_and_two_minutes(seconds: int) -> None:
    assert check_timeout(1) == 1
    assert check_timeout(120) == 120
    with pytest.raises(InvalidValue):
        check_timeout(seconds)


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, Verdict.DELIVERED), (204, Verdict.DELIVERED), (299, Verdict.DELIVERED),
        (199, Verdict.FAILED), (301, Verdict.FAILED), (307, Verdict.FAILED), (400, Verdict.FAILED),
        (404, Verdict.FAILED), (429, Verdict.FAILED), (500, Verdict.FAILED), (503, Verdict.FAILED),
        (410, Verdict.GONE),
    ],
)  # fmt: skip
def test_only_2xx_is_delivered_and_only_410_is_gone(status: int, verdict: Verdict) -> None:
    assert judge(status) is verdict


@pytest.mark.parametrize(
    ("status", "header", "pause_s"),
    [
        (429, "120", 120),
        (429, "Thu, 01 Jan 2026 00:02:00 GMT", 120),
        (429, "Thu, 01 Jan 2026 00:02:00 -0000", 120),
        (429, "99999", 3600),
        (429, "Wed, 31 Dec 2025 23:00:00 GMT", 0),
        (429, "-5", 0),
        (429, "soon", 0),
        (429, "", 0),
        (429, None, 0),
        (503, "120", 0),
    ],
)
def test_a_receiver_with_too_much_to_do_is_left_alone_for_an_hour_at_most(
    status: int, header: str | None, pause_s: float
) -> None:
    assert asked_pause_s(status, header, NOW) == pause_s
