"""Claims about sealed values: only the right key opens them, and only in the place they were sealed for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.kernel.encryption import Keyring
from strongroom.kernel.errors import ConfigurationError, SealBroken

KEY, OTHER = b"k" * 32, b"o" * 32
PLACE = ("webhooks.secret", 7)


@given(st.text(), st.lists(st.text()))
def test_what_is_sealed_opens_again_in_its_place(secret: str, place: list[str]) -> None:
    ring = Keyring(KEY)
    assert ring.open(ring.seal(secret, *place), *place) == secret


def test_the_secret_is_not_in_the_sealed_value_and_two_seals_of_it_differ() -> None:
    first, second = (Keyring(KEY).seal("whsec_secret", *PLACE) for _ in range(2))
    assert b"whsec_secret" not in first
    assert first != second


@pytest.mark.parametrize(
    "place",
    [("webhooks.secret", 8), ("webhooks.previous_secret", 7), ("webhooks.secret",), ("webhooks.secret7",), ()],
)
def test_a_value_that_was_moved_does_not_open(place: tuple[object, ...]) -> None:
    ring = Keyring(KEY)
    with pytest.raises(SealBroken):
        ring.open(ring.seal("secret", *PLACE), *place)


def test_no_byte_of_a_sealed_value_can_be_changed_and_none_left_out() -> None:
    ring = Keyring(KEY)
    sealed = ring.seal("secret", *PLACE)
    for index in range(len(sealed)):
        for changed in (sealed[:index] + bytes([sealed[index] ^ 1]) + sealed[index + 1 :], sealed[:index]):
            with pytest.raises(SealBroken):
                ring.open(changed, *PLACE)


def test_another_key_opens_nothing() -> None:
    with pytest.raises(SealBroken):
        Keyring(OTHER).open(Keyring(KEY).seal("secret", *PLACE), *PLACE)


def test_a_value_cannot_be_passed_off_as_sealed_by_another_key_of_the_ring() -> None:
    ring = Keyring(KEY, OTHER)
    sealed = ring.seal("secret", *PLACE)
    with pytest.raises(SealBroken):
        ring.open(sealed[:1] + bytes.fromhex(Keyring(OTHER).key_id) + sealed[9:], *PLACE)


def test_an_earlier_key_still_opens_and_no_longer_seals() -> None:
    old, ring = Keyring(OTHER), Keyring(KEY, OTHER)
    assert ring.open(old.seal("secret", *PLACE), *PLACE) == "secret"
    with pytest.raises(SealBroken):
        old.open(ring.seal("secret", *PLACE), *PLACE)


def test_a_key_is_shown_by_its_id_only_and_the_id_follows_from_the_key() -> None:
    assert repr(Keyring(KEY)) == f"<Keyring {Keyring(KEY, OTHER).key_id}>"
    assert Keyring(KEY).key_id != Keyring(OTHER).key_id


def test_a_short_key_is_refused_wherever_it_stands() -> None:
    with pytest.raises(ConfigurationError):
        Keyring(b"k" * 31)
    with pytest.raises(ConfigurationError):
        Keyring(KEY, b"short")
