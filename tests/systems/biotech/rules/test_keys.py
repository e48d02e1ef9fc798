"""Claims about API keys: found by a prefix, known by a hash, good for a time and for some endpoints."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from strongroom.systems.biotech.rules.keys import (
    PREFIX_CHARACTERS,
    compose_key,
    hash_of,
    is_allowed,
    is_good_at,
    is_key,
    prefix_of,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
KEY = compose_key("abcd1234", "s" * 43)


def test_a_key_is_found_by_its_prefix_and_known_by_its_hash() -> None:
    assert prefix_of(KEY) == "srb_abcd1234"
    assert len("srb_abcd1234") == PREFIX_CHARACTERS
    assert is_key(KEY, hash_of(KEY))


def test_a_key_of_the_same_prefix_is_another_key() -> None:
    other = compose_key("abcd1234", "t" * 43)
    assert prefix_of(other) == prefix_of(KEY)
    assert not is_key(other, hash_of(KEY))


def test_no_hash_fits_no_key() -> None:
    assert not is_key(KEY, None)
    assert not is_key(KEY, bytes(32))


@pytest.mark.parametrize("text", ["", "srb_abcd1234", f"srb_abcd123_{'s' * 43}", f"xyz_abcd1234_{'s' * 43}", KEY + "s"])
def test_what_is_no_key_has_no_prefix(text: str) -> None:
    assert prefix_of(text) is None


def test_a_key_ends_at_the_moment_it_expires_or_is_revoked() -> None:
    assert is_good_at(NOW, None, None)
    assert is_good_at(NOW, NOW + timedelta(seconds=1), None)
    assert not is_good_at(NOW, NOW, None)
    assert not is_good_at(NOW, None, NOW)
    assert is_good_at(NOW, None, NOW + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("endpoint", "allowed", "may"),
    [
        ("/scores", None, True), ("/scores", [], False), ("/scores", ["/scores"], True), ("scores/", ["/scores"], True),
        ("/scores/top", ["scores"], True), ("/scoresheets", ["/scores"], False), ("/signals", ["/scores"], False),
        ("/scores/../signals", ["/signals"], False),
    ],
)  # fmt: skip
def test_a_client_may_call_what_it_was_allowed_and_what_lies_below(
    endpoint: str, allowed: list[str] | None, may: bool
) -> None:
    assert is_allowed(endpoint, allowed) is may
