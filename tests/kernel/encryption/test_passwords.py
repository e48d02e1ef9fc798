"""A password is kept so that it can be recognised and not read."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from statistics import median

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type

from strongroom.kernel.encryption import hash_password, needs_rehash, verify_password
from strongroom.kernel.errors import InvalidValue

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


@pytest.mark.parametrize("stored", [None, "", "hashed_password", "$argon2id$broken", "$2b$12$abc", "caf\u00e9"])
def test_nobody_signs_in_on_a_hash_that_cannot_be_used(stored: str | None) -> None:
    assert not verify_password(PASSWORD, stored)


def test_a_user_who_does_not_exist_takes_as_long_as_one_who_does() -> None:
    stored = hash_password(PASSWORD)
    known = seconds(lambda: verify_password("wrong", stored))
    for unusable in (None, "$argon2id$broken"):
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


def seconds(action: Callable[[], object]) -> float:
    taken = []
    for _ in range(5):
        started = time.thread_time()  # of this thread alone: what else the machine does has no say
        action()
        taken.append(time.thread_time() - started)
    return median(taken)
