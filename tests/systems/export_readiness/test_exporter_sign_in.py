"""Claims about the door: who is let in, who is made to wait, and what ends a session."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import delete

from strongroom.kernel.encryption import ComparedPassword, NewPassword, compare_password, new_password
from strongroom.kernel.errors import NotAuthenticated, RateLimitExceeded
from strongroom.kernel.sessions import Database
from strongroom.kernel.values import FixedClock, new_id
from strongroom.systems.export_readiness.errors import ExporterCredentialsWrong, ExporterNotFound
from strongroom.systems.export_readiness.models import SignIn, User
from strongroom.systems.export_readiness.options import ExportReadinessOptions
from strongroom.systems.export_readiness.services import passwords
from strongroom.systems.export_readiness.services.passwords import Proven
from strongroom.systems.export_readiness.services.sign_in import continue_session, sign_in, sign_out_everywhere
from tests.systems.export_readiness.building import acting, add_user

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
EMAIL = "asha@example.com"
RIGHT, WRONG = "Turmeric1", "Cardamom1"
OPTIONS = ExportReadinessOptions(sign_in_attempts=3, lockout=timedelta(minutes=15))


@pytest.fixture(scope="session")
def right() -> NewPassword:
    """Hashed once, since it costs."""
    return new_password(RIGHT)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def door(any_database: Database, clock: FixedClock, right: NewPassword) -> Database:
    """A database whose clock stands still, with one business."""
    any_database.clock = clock
    any_database.write(add_user, email=EMAIL, password=right)
    return any_database


def compared(door: Database, plain: str, email: str = EMAIL) -> ComparedPassword:
    return compare_password(plain, door.read(passwords.find_password, email))


def enter(door: Database, plain: str, email: str = EMAIL) -> Proven:
    return door.write(sign_in, compared(door, plain, email), options=OPTIONS)


def user_of(door: Database) -> User:
    return enter(door, RIGHT).user


def counted(door: Database) -> int:
    user_id = door.read(passwords.find_password, EMAIL).user_id
    assert user_id is not None
    return door.read(lambda session: session.get_one(SignIn, user_id).failed_attempts)


def lock_out(door: Database) -> None:
    guess = compared(door, WRONG)
    for _ in range(OPTIONS.sign_in_attempts):
        with pytest.raises(ExporterCredentialsWrong):
            door.write(sign_in, guess, options=OPTIONS)


def test_the_right_password_opens_and_the_moment_is_kept(door: Database) -> None:
    proven = enter(door, RIGHT, " ASHA@example.com")
    assert (proven.user.email, proven.user.last_login, proven.sign_in.epoch) == (EMAIL, NOW, 0)


def test_a_wrong_password_and_an_unknown_address_get_one_answer(door: Database) -> None:
    with pytest.raises(ExporterCredentialsWrong) as wrong:
        enter(door, WRONG)
    with pytest.raises(ExporterCredentialsWrong) as unknown:
        enter(door, RIGHT, "nobody@example.com")
    assert (str(wrong.value), wrong.value.facts) == (str(unknown.value), unknown.value.facts)


def test_a_failure_is_counted_although_it_raises_and_forgotten_by_a_success(door: Database) -> None:
    with pytest.raises(ExporterCredentialsWrong):
        enter(door, WRONG)
    assert counted(door) == 1
    enter(door, RIGHT)
    assert counted(door) == 0


def test_too_many_failures_lock_even_the_right_password_out(door: Database, clock: FixedClock) -> None:
    before = compared(door, RIGHT)
    lock_out(door)
    clock.advance(timedelta(minutes=5))
    with pytest.raises(RateLimitExceeded) as refused:
        enter(door, RIGHT)
    assert refused.value.facts == {"retry_after_s": 600}
    with pytest.raises(RateLimitExceeded):
        door.write(sign_in, before, options=OPTIONS)
    clock.advance(timedelta(minutes=10))
    assert enter(door, RIGHT).sign_in.failed_attempts == 0


def test_guesses_made_at_once_are_all_counted(door: Database) -> None:
    enter(door, RIGHT)
    guess = compared(door, WRONG)

    def attempt(_: int) -> type[Exception] | None:
        try:
            door.write(sign_in, guess, options=OPTIONS)
        except (ExporterCredentialsWrong, RateLimitExceeded) as error:
            return type(error)
        return None

    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(attempt, range(10)))
    assert answers.count(ExporterCredentialsWrong) == OPTIONS.sign_in_attempts
    assert answers.count(RateLimitExceeded) == 10 - OPTIONS.sign_in_attempts


def test_a_refresh_token_lasts_until_the_password_changes(door: Database) -> None:
    user = user_of(door)
    assert door.read(continue_session, user.id, 0).id == user.id
    mine = acting(door, user)
    proof = compare_password(RIGHT, mine.read(passwords.get_own_password, user.id))
    changed = mine.write(passwords.change_password, proof, new_password("Ginger123"), options=OPTIONS)
    assert changed.sign_in.epoch == 1
    with pytest.raises(NotAuthenticated):
        door.read(continue_session, user.id, 0)
    assert door.read(continue_session, user.id, 1).id == user.id
    with pytest.raises(ExporterCredentialsWrong):
        enter(door, RIGHT)
    enter(door, "Ginger123")


def test_signing_out_everywhere_ends_every_session(door: Database) -> None:
    user = user_of(door)
    acting(door, user).write(sign_out_everywhere, user.id)
    with pytest.raises(NotAuthenticated):
        door.read(continue_session, user.id, 0)


def test_a_comparison_from_before_a_change_is_worthless_after_it(door: Database) -> None:
    stale = compared(door, RIGHT)
    user = user_of(door)
    door.write(sign_out_everywhere, user.id)
    with pytest.raises(ExporterCredentialsWrong):
        door.write(sign_in, stale, options=OPTIONS)


def test_a_business_that_left_meanwhile_is_nobody(door: Database) -> None:
    stale = compared(door, RIGHT)
    door.write(lambda session: session.execute(delete(User)))
    with pytest.raises(ExporterCredentialsWrong):
        door.write(sign_in, stale, options=OPTIONS)
    with pytest.raises(NotAuthenticated):
        door.read(continue_session, new_id(), 0)


def test_a_hash_of_other_parameters_is_renewed_at_the_next_sign_in(door: Database) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(RIGHT)
    user = user_of(door)
    door.write(lambda session: setattr(session.get_one(User, user.id), "password_hash", weak))
    assert enter(door, RIGHT).user.password_hash != weak
    enter(door, RIGHT)


def test_nobody_learns_another_business_hash(door: Database) -> None:
    user = user_of(door)
    other = door.write(add_user, email="ravi@example.com")
    with pytest.raises(ExporterNotFound):
        acting(door, other).read(passwords.get_own_password, user.id)
    assert user.password_hash not in repr(door.read(passwords.find_password, EMAIL))
