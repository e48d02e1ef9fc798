"""Claims about signatures: right only for this secret, these bytes and this moment."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from strongroom.systems.biotech.rules.signatures import is_signed, sign

NOW = datetime(2026, 1, 1, tzinfo=UTC)
BODY = b'{"event_id": "1"}'


def test_a_signature_is_the_hmac_of_the_moment_a_stop_and_the_body() -> None:
    code = hmac.new(b"secret", b"1767225600." + BODY, hashlib.sha256).hexdigest()
    assert sign(BODY, ["secret"], NOW) == f"t=1767225600,v1={code}"


def test_what_is_signed_is_recognised() -> None:
    assert is_signed(BODY, sign(BODY, ["secret"], NOW), ["secret"], NOW)


@pytest.mark.parametrize("known", [["new"], ["old"], ["other", "old"]])
def test_during_a_change_of_secret_either_of_the_two_is_enough(known: list[str]) -> None:
    assert is_signed(BODY, sign(BODY, ["new", "old"], NOW), known, NOW)


def test_another_secret_or_body_is_not_recognised() -> None:
    header = sign(BODY, ["secret"], NOW)
    assert not is_signed(BODY, header, ["other"], NOW)
    assert not is_signed(BODY + b" ", header, ["secret"], NOW)
    assert not is_signed(BODY, header, [], NOW)


def test_the_moment_cannot_be_changed_without_the_secret() -> None:
    header = sign(BODY, ["secret"], NOW).replace("t=1767225600", "t=1767225601")
    assert not is_signed(BODY, header, ["secret"], NOW)


@pytest.mark.parametrize(("away_s", "is_good"), [(-301, False), (-300, True), (300, True), (301, False)])
def test_a_signature_is_good_for_five_minutes_either_way(away_s: int, is_good: bool) -> None:
    assert is_signed(BODY, sign(BODY, ["secret"], NOW), ["secret"], NOW + timedelta(seconds=away_s)) is is_good


@pytest.mark.parametrize("header", ["", "t=,v1=", "v1=00", "t=1767225600", "t=1767225600,v1=zz", "t=9" * 400])
def test_what_is_no_signature_is_not_recognised(header: str) -> None:
    assert not is_signed(BODY, header, ["secret"], NOW)
