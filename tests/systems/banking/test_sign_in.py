"""Claims about the door: who is let in, who is made to wait, and what ends a session."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from argon2 import PasswordHasher
from sqlalchemy import delete, text

from strongroom.kernel.encryption import ComparedPassword, NewPassword, compare_password, new_password
from strongroom.kernel.errors import NotAuthenticated, RateLimitExceeded
from strongroom.kernel.sessions import Actor, Database
from strongroom.kernel.values import FixedClock, new_id
from strongroom.systems.banking.errors import UserNotActive, UserNotFound, WrongCode, WrongCredentials
from strongroom.systems.banking.models import User
from strongroom.systems.banking.options import BankingOptions
from strongroom.systems.banking.repositories import UserRepository
from strongroom.systems.banking.rules import UserStatusEnum
from strongroom.systems.banking.services import email_proofs, passwords, users
from strongroom.systems.banking.services.sign_in import continue_session, sign_in, sign_out_everywhere

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
EMAIL = "ada@example.com"
RIGHT = "Analytical1"
WRONG = "Difference1"
OPTIONS = BankingOptions(sign_in_attempts=3, lockout=timedelta(minutes=15))


@pytest.fixture(scope="session")
def right() -> NewPassword:
    """Hashed once, since it costs."""
    return new_password(RIGHT)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def bank(any_database: Database, clock: FixedClock, right: NewPassword) -> Database:
    """A database whose clock stands still, with one user."""
    any_database.clock = clock
    any_database.write(users.register, email=EMAIL, first_name="Ada", last_name="Lovelace", password=right)
    return any_database


def ada(bank: Database) -> User:
    return bank.read(lambda session: UserRepository(session).get_user_by_email(EMAIL) or pytest.fail("she is gone"))


def compared(bank: Database, plain: str, email: str = EMAIL) -> ComparedPassword:
    return compare_password(plain, bank.read(passwords.find_password, email))


def enter(bank: Database, plain: str, email: str = EMAIL) -> User:
    return bank.write(sign_in, compared(bank, plain, email), options=OPTIONS)


def lock_out(bank: Database) -> None:
    guess = compared(bank, WRONG)
    for _ in range(OPTIONS.sign_in_attempts):
        with pytest.raises(WrongCredentials):
            bank.write(sign_in, guess, options=OPTIONS)


def test_the_right_password_opens(bank: Database) -> None:
    user = enter(bank, RIGHT, "ADA@example.com ")
    assert (user.email, user.last_login_at) == (EMAIL, NOW)


def test_a_wrong_password_and_an_unknown_address_get_one_answer(bank: Database) -> None:
    with pytest.raises(WrongCredentials) as wrong:
        enter(bank, WRONG)
    with pytest.raises(WrongCredentials) as unknown:
        enter(bank, RIGHT, "nobody@example.com")
    assert (str(wrong.value), wrong.value.facts) == (str(unknown.value), unknown.value.facts)


def test_who_was_removed_meanwhile_is_nobody(bank: Database) -> None:
    stale = compared(bank, RIGHT)
    bank.write(lambda session: session.execute(delete(User)))
    with pytest.raises(WrongCredentials):
        bank.write(sign_in, stale, options=OPTIONS)


def test_a_failed_sign_in_is_counted_although_it_raises(bank: Database) -> None:
    with pytest.raises(WrongCredentials):
        enter(bank, WRONG)
    assert ada(bank).failed_login_attempts == 1
    enter(bank, RIGHT)
    assert ada(bank).failed_login_attempts == 0


def test_too_many_failures_lock_even_the_right_password_out(bank: Database, clock: FixedClock) -> None:
    lock_out(bank)
    clock.advance(timedelta(minutes=5))
    with pytest.raises(RateLimitExceeded) as refused:
        enter(bank, RIGHT)
    assert refused.value.facts == {"retry_after_s": 600}


def test_a_guess_made_before_the_lock_is_worthless_after_it(bank: Database) -> None:
    right_guess = compared(bank, RIGHT)
    lock_out(bank)
    with pytest.raises(RateLimitExceeded):
        bank.write(sign_in, right_guess, options=OPTIONS)


def test_after_the_lock_has_run_out_the_count_begins_anew(bank: Database, clock: FixedClock) -> None:
    lock_out(bank)
    clock.advance(OPTIONS.lockout)
    with pytest.raises(WrongCredentials):
        enter(bank, WRONG)
    assert (ada(bank).failed_login_attempts, ada(bank).locked_until) == (1, None)
    enter(bank, RIGHT)


def both_wait_then_run(database: Database, act: Callable[[], object]) -> list[Future[object]]:
    """Start the same act twice while its row is locked, and let both go at the same moment."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with ThreadPoolExecutor(2) as pool:
        with database.session() as session:
            UserRepository(session).lock([ada(database).id])
            acts = [pool.submit(act) for _ in range(2)]
            deadline_s = time.monotonic() + 20
            while database.read(lambda watcher: watcher.scalar(waiting)) < 2:
                assert time.monotonic() < deadline_s, "the acts never met at the lock"
                time.sleep(0.01)
        return acts


def test_two_failures_at_once_both_count(database: Database, right: NewPassword) -> None:
    database.write(users.register, email=EMAIL, first_name="Ada", last_name="Lovelace", password=right)
    guess = compared(database, WRONG)
    acts = both_wait_then_run(database, lambda: database.write(sign_in, guess, options=OPTIONS))
    assert [type(act.exception()) for act in acts] == [WrongCredentials, WrongCredentials]
    assert ada(database).failed_login_attempts == 2


def test_a_reset_token_used_twice_at_once_works_once(database: Database, right: NewPassword) -> None:
    database.write(users.register, email=EMAIL, first_name="Ada", last_name="Lovelace", password=right)
    proof = database.write(email_proofs.request_password_reset, EMAIL)
    assert proof is not None
    acts = both_wait_then_run(database, lambda: database.write(email_proofs.reset_password, proof.secret, right))
    assert {type(act.exception()) for act in acts} == {type(None), WrongCode}
    assert ada(database).session_epoch == 1


def test_a_password_changed_since_the_comparison_is_not_right_any_more(bank: Database, right: NewPassword) -> None:
    stale = compared(bank, RIGHT)
    bank.write(passwords.change_password, stale, right, options=OPTIONS)
    with pytest.raises(WrongCredentials):
        bank.write(sign_in, stale, options=OPTIONS)


def test_a_hash_of_yesterdays_parameters_is_renewed_at_sign_in(bank: Database) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=1024).hash(RIGHT)
    with bank.session() as session:
        UserRepository(session).get(ada(bank).id).password_hash = weak
    enter(bank, RIGHT)
    assert ada(bank).password_hash != weak
    assert compared(bank, RIGHT) == ComparedPassword(ada(bank).id, 0, is_right=True)


def test_a_suspended_user_is_told_so_only_when_they_know_the_password(bank: Database) -> None:
    bank.write(users.set_status, ada(bank).id, UserStatusEnum.SUSPENDED, reason="fraud")
    with pytest.raises(UserNotActive, match="suspended"):
        enter(bank, RIGHT)
    with pytest.raises(WrongCredentials):
        enter(bank, WRONG)


def end_by_signing_out(bank: Database) -> None:
    bank.write(sign_out_everywhere, ada(bank).id)


def end_by_password(bank: Database) -> None:
    bank.write(passwords.change_password, compared(bank, RIGHT), new_password("Another1Word"), options=OPTIONS)


def end_by_suspension(bank: Database) -> None:
    bank.write(users.set_status, ada(bank).id, UserStatusEnum.SUSPENDED, reason="fraud")


def end_by_suspension_and_back(bank: Database) -> None:
    end_by_suspension(bank)
    bank.write(users.set_status, ada(bank).id, UserStatusEnum.ACTIVE, reason="cleared")


def end_by_switching_off(bank: Database) -> None:
    user_id = ada(bank).id
    with bank.session() as session:
        UserRepository(session).get(user_id).is_active = False


@pytest.mark.parametrize(
    "end",
    [
        end_by_signing_out,
        end_by_password,
        end_by_suspension,
        end_by_suspension_and_back,
        end_by_switching_off,
        None,
    ],
)
def test_a_session_goes_on_until_something_ends_it(bank: Database, end: Callable[[Database], None] | None) -> None:
    user = enter(bank, RIGHT)
    epoch = user.session_epoch
    assert bank.read(continue_session, user.id, epoch).id == user.id
    if end is not None:
        end(bank)
        with pytest.raises(NotAuthenticated):
            bank.read(continue_session, user.id, epoch)


def test_a_session_of_nobody_does_not_go_on(bank: Database) -> None:
    with pytest.raises(NotAuthenticated):
        bank.read(continue_session, uuid4(), 0)


def test_nobody_signs_somebody_else_out(bank: Database) -> None:
    stranger = bank.acting_as(Actor(new_id(), "Eve", frozenset({"user"})))
    with pytest.raises(UserNotFound):
        stranger.write(sign_out_everywhere, ada(bank).id)
    with pytest.raises(UserNotFound):
        stranger.read(passwords.get_own_password, ada(bank).id)


def test_a_changed_password_is_the_one_that_opens(bank: Database) -> None:
    end_by_password(bank)
    with pytest.raises(WrongCredentials):
        enter(bank, RIGHT)
    enter(bank, "Another1Word")


def test_guessing_the_current_password_counts_like_signing_in(bank: Database, right: NewPassword) -> None:
    guess = compare_password(WRONG, bank.read(passwords.get_own_password, ada(bank).id))
    for _ in range(OPTIONS.sign_in_attempts):
        with pytest.raises(WrongCredentials):
            bank.write(passwords.change_password, guess, right, options=OPTIONS)
    with pytest.raises(RateLimitExceeded):
        enter(bank, RIGHT)


def test_a_reset_works_once_ends_the_lock_and_keeps_no_token(bank: Database) -> None:
    lock_out(bank)
    proof = bank.write(email_proofs.request_password_reset, EMAIL.upper())
    assert proof is not None
    assert proof.secret not in str(ada(bank).password_reset_hash)
    bank.write(email_proofs.reset_password, proof.secret, new_password("Another1Word"))
    enter(bank, "Another1Word")
    with pytest.raises(WrongCode):
        bank.write(email_proofs.reset_password, proof.secret, new_password("Third1Word"))


def test_a_reset_token_lapses_after_an_hour_and_a_new_one_replaces_it(
    bank: Database, clock: FixedClock, right: NewPassword
) -> None:
    first = bank.write(email_proofs.request_password_reset, EMAIL)
    second = bank.write(email_proofs.request_password_reset, EMAIL)
    assert first is not None
    assert second is not None
    with pytest.raises(WrongCode):
        bank.write(email_proofs.reset_password, first.secret, right)
    clock.advance(timedelta(hours=1))
    with pytest.raises(WrongCode):
        bank.write(email_proofs.reset_password, second.secret, right)


@pytest.mark.parametrize("token", ["", "\ud800", "x" * 10_000])
def test_text_that_is_no_token_resets_nothing(bank: Database, token: str, right: NewPassword) -> None:
    with pytest.raises(WrongCode):
        bank.write(email_proofs.reset_password, token, right)


def test_no_token_is_made_for_nobody_and_for_whoever_is_shut_out(bank: Database) -> None:
    assert bank.write(email_proofs.request_password_reset, "nobody@example.com") is None
    end_by_suspension(bank)
    assert bank.write(email_proofs.request_password_reset, EMAIL) is None
