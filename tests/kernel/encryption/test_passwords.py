"""A password is kept so that it can be recognised and not read."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from statistics import median
from typing import Any

import bcrypt
import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type

from strongroom.kernel.encryption import (
    CAPITAL,
    DIGIT,
    ComparedPassword,
    NewPassword,
    StoredPassword,
    check_not_locked_out,
    compare_password,
    hash_password,
    needs_rehash,
    new_password,
    verify_password,
)
from strongroom.kernel.errors import InvalidValue, RateLimitExceeded
from strongroom.kernel.values import new_id

PASSWORD = "Correct horse 7"


def test_a_password_is_recognised_and_another_is_not() -> None:
    stored = hash_password(PASSWORD)
    assert verify_password(PASSWORD, stored)
    assert not verify_password(PASSWORD + " ", stored)


def test_the_same_password_is_stored_differently_each_time() -> None:
    assert hash_password(PASSWORD) != hash_password(PASSWORD)


def test_the_hash_is_argon2id_with_the_parameters_we_promise() -> None:
    stored = hash_password(PASSWORD)
    parameters = extract_parameters(stored)
    assert parameters.type is Type.ID
    assert (parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (19_456, 2, 1)
    assert PASSWORD not in stored


def test_a_password_typed_on_another_keyboard_is_the_same_password() -> None:
    composed, decomposed = "Stra\u00dfe caf\u00e9", "Stra\u00dfe cafe\u0301"
    assert verify_password(decomposed, hash_password(composed))


@pytest.mark.parametrize(
    "stored", [None, "", "hashed_password", "$argon2id$broken", "$2b$12$abc", "$2 is no hash", "caf\u00e9"]
)
def test_nobody_signs_in_on_a_hash_that_cannot_be_used(stored: str | None) -> None:
    assert not verify_password(PASSWORD, stored)


def test_a_user_who_does_not_exist_takes_as_long_as_one_who_does() -> None:
    stored = hash_password(PASSWORD)
    known = seconds(lambda: verify_password("wrong", stored))
    for unusable in (None, "$argon2id$broken", "$2b$12$broken"):
        assert known / 3 < seconds(partial(verify_password, "wrong", unusable)) < known * 3


@pytest.mark.parametrize("password", ["x" * 1025, "\ud800"])
def test_a_password_that_cannot_be_kept_is_refused_and_never_matches(password: str) -> None:
    with pytest.raises(InvalidValue, match="password"):
        hash_password(password)
    assert not verify_password(password, hash_password(PASSWORD))


def test_the_longest_password_is_kept_whole() -> None:
    stored = hash_password("x" * 1024)
    assert verify_password("x" * 1024, stored)
    assert not verify_password("x" * 1023, stored)


def test_a_hash_of_other_parameters_is_made_anew() -> None:
    assert not needs_rehash(hash_password(PASSWORD))
    assert needs_rehash(PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD))
    assert needs_rehash("hashed_password")


def test_a_crowd_that_signs_in_waits_its_turn_and_is_served() -> None:
    stored = hash_password(PASSWORD)
    with ThreadPoolExecutor(8) as crowd:
        assert all(crowd.map(lambda _: verify_password(PASSWORD, stored), range(16)))


@pytest.mark.parametrize("password", [PASSWORD, "cafe\u0301 Zo\u00eb 7", "A1" + "x" * 70])
def test_a_hash_of_an_earlier_system_is_recognised_as_it_was_typed_and_made_anew(password: str) -> None:
    stored = by_bcrypt(password)
    compared = compare_password(password, StoredPassword(new_id(), 0, stored))
    assert compared.is_right
    assert compared.rehashed is not None
    assert not needs_rehash(compared.rehashed.hash)
    assert verify_password(password, compared.rehashed.hash)
    assert not verify_password("Another horse 7", stored)


@pytest.mark.parametrize("password", ["A1" + "x" * 71, "A1" + "x" * 70 + "\0", "A1" + "x" * 1023, "A1\ud800xxxxx"])
def test_what_bcrypt_would_cut_or_cannot_take_is_never_right(password: str) -> None:
    assert not verify_password(password, by_bcrypt("A1" + "x" * 70))


@pytest.mark.parametrize("password", ["Passw0rd", "\u00c4\u00f6345678", "A1" + "b" * 1022])
def test_a_password_of_all_kinds_is_taken(password: str) -> None:
    assert verify_password(password, new_password(password).hash)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("Pass0rd", "8 to 1024"),
        ("A1" + "b" * 1023, "8 to 1024"),
        ("password1", "a capital"),
        ("PASSWORD1", "a small letter"),
        ("Password", "a digit"),
        ("--------", "a capital and a small letter and a digit"),
    ],
)
def test_a_weak_password_is_refused_with_all_that_it_lacks_and_never_shown(password: str, reason: str) -> None:
    with pytest.raises(InvalidValue, match=reason) as refused:
        new_password(password)
    assert password not in str(refused.value) + str(refused.value.facts)


@pytest.mark.parametrize("password", [None, b"Passw0rd", list("Passw0rd")])
def test_a_password_that_is_no_text_is_refused(password: Any) -> None:
    with pytest.raises(InvalidValue, match="password"):
        new_password(password)


@pytest.mark.parametrize(("kinds", "password"), [([CAPITAL, DIGIT], "CAPITALS1"), ([], "--------")])
def test_a_system_may_ask_for_fewer_kinds(kinds: Sequence[tuple[str, Callable[[str], bool]]], password: str) -> None:
    with pytest.raises(InvalidValue):
        new_password(password)
    assert verify_password(password, new_password(password, kinds=kinds).hash)


def test_a_comparison_carries_whose_password_it_was_and_of_which_epoch() -> None:
    user_id, password = new_id(), new_password(PASSWORD)
    stored = StoredPassword(user_id, 3, password.hash)
    assert compare_password(PASSWORD, stored) == ComparedPassword(user_id, 3, is_right=True)
    assert compare_password("wrong", stored) == ComparedPassword(user_id, 3, is_right=False)
    assert compare_password(PASSWORD, StoredPassword(None)) == ComparedPassword(None, 0, is_right=False)


def test_a_wrong_password_is_not_made_anew() -> None:
    assert compare_password("wrong", StoredPassword(new_id(), 0, by_bcrypt(PASSWORD))).rehashed is None


def test_no_hash_is_shown() -> None:
    stored = StoredPassword(None, 0, by_bcrypt(PASSWORD))
    compared = compare_password(PASSWORD, stored)
    assert compared.rehashed is not None
    assert repr(stored) == "StoredPassword(user_id=None, epoch=0)"
    assert repr(compared.rehashed) == repr(NewPassword("")) == "NewPassword()"
    assert compared.rehashed.hash not in repr(compared)


def test_a_lock_out_tells_how_long_it_lasts_and_ends_on_time() -> None:
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    with pytest.raises(RateLimitExceeded) as refused:
        check_not_locked_out(now + timedelta(seconds=599.2), now)
    assert refused.value.facts == {"retry_after_s": 600}
    for over in (None, now, now - timedelta(days=1)):
        check_not_locked_out(over, now)


def by_bcrypt(password: str) -> str:
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(4)).decode()


def seconds(action: Callable[[], object]) -> float:
    taken = []
    for _ in range(5):
        started = time.thread_time()  # of this thread alone: what else the machine does has no say
        action()
        taken.append(time.thread_time() - started)
    return median(taken)
