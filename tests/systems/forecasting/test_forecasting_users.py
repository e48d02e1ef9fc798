"""Users and their door: who is taken in, who is let in, who is made to wait, and what ends a session."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import bcrypt
import pytest
from sqlalchemy import delete

from strongroom.kernel.encryption import ComparedPassword, NewPassword, compare_password
from strongroom.kernel.errors import AccessDenied, InvalidValue, NotAuthenticated, RateLimitExceeded
from strongroom.kernel.sessions import AsyncDatabase, Database
from strongroom.kernel.values import FixedClock, new_id
from strongroom.systems.forecasting.errors import OwnStanding, SignInRefused, UserInactive, UsernameTaken, UserNotFound
from strongroom.systems.forecasting.models import User
from strongroom.systems.forecasting.options import ForecastingOptions
from strongroom.systems.forecasting.repositories import SignInRepository, UserRepository
from strongroom.systems.forecasting.rules import RoleEnum
from strongroom.systems.forecasting.services import passwords, users
from strongroom.systems.forecasting.services.passwords import new_password
from strongroom.systems.forecasting.services.sign_in import SignedIn, continue_session, sign_in, sign_out_everywhere
from tests.systems.forecasting.building import acting, add_user

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
RIGHT, WRONG = "Analytical1", "Difference1"
OPTIONS = ForecastingOptions(sign_in_attempts=3, lockout=timedelta(minutes=15))


@pytest.fixture(scope="session")
def right() -> NewPassword:
    """Hashed once, since it costs."""
    return new_password(RIGHT)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def office(any_database: Database, clock: FixedClock, right: NewPassword) -> Database:
    """A database whose clock stands still, with one analyst and one administrator."""
    any_database.clock = clock
    any_database.write(add_user, "Ada", hashed_password=right.hash)
    any_database.write(add_user, "root", RoleEnum.ADMIN)
    return any_database


def ada(office: Database) -> User:
    return office.read(lambda session: UserRepository(session).find_by_login("ada") or pytest.fail("she is gone"))


def root(office: Database) -> Database:
    user = office.read(lambda session: UserRepository(session).find_by_login("root"))
    assert user is not None
    return office.acting_as(acting(user))


def compared(office: Database, plain: str, login: str = "ada") -> ComparedPassword:
    return compare_password(plain, office.read(passwords.find_password, login))


def enter(office: Database, plain: str, login: str = "ada") -> SignedIn:
    return office.write(sign_in, compared(office, plain, login), options=OPTIONS)


def lock_out(office: Database) -> None:
    guess = compared(office, WRONG)
    for _ in range(OPTIONS.sign_in_attempts):
        with pytest.raises(SignInRefused):
            office.write(sign_in, guess, options=OPTIONS)


def test_who_was_removed_meanwhile_is_nobody(office: Database) -> None:
    stale = compared(office, RIGHT)
    office.write(lambda session: session.execute(delete(User)))
    with pytest.raises(SignInRefused):
        office.write(sign_in, stale, options=OPTIONS)


@pytest.mark.parametrize("login", ["ada", "ADA", " Ada ", "ada@example.com", "ADA@Example.com"])
def test_a_name_or_an_address_opens_in_any_case_of_letters(office: Database, login: str) -> None:
    entered = enter(office, RIGHT, login)
    assert (entered.user.username, entered.epoch) == ("Ada", 0)
    assert entered.actor == acting(entered.user)


def test_a_wrong_password_and_an_unknown_name_get_one_answer(office: Database) -> None:
    with pytest.raises(SignInRefused) as wrong:
        enter(office, WRONG)
    with pytest.raises(SignInRefused) as unknown:
        enter(office, RIGHT, "nobody")
    assert (str(wrong.value), wrong.value.facts) == (str(unknown.value), unknown.value.facts)


def test_too_many_failures_lock_even_the_right_password_out(office: Database, clock: FixedClock) -> None:
    right_guess = compared(office, RIGHT)
    lock_out(office)
    with pytest.raises(RateLimitExceeded):
        office.write(sign_in, right_guess, options=OPTIONS)
    clock.advance(timedelta(minutes=5))
    with pytest.raises(RateLimitExceeded) as refused:
        enter(office, RIGHT)
    assert refused.value.facts == {"retry_after_s": 600}
    clock.advance(timedelta(minutes=10))
    with pytest.raises(SignInRefused):
        enter(office, WRONG)
    enter(office, RIGHT)


def test_failures_are_counted_in_a_row_only(office: Database) -> None:
    for _ in range(OPTIONS.sign_in_attempts - 1):
        with pytest.raises(SignInRefused):
            enter(office, WRONG)
    enter(office, RIGHT)
    with pytest.raises(SignInRefused):
        enter(office, WRONG)
    enter(office, RIGHT)


def test_an_inactive_user_is_told_so_only_when_they_know_the_password(office: Database) -> None:
    root(office).write(users.set_active, ada(office).id, False)
    with pytest.raises(UserInactive):
        enter(office, RIGHT)
    with pytest.raises(SignInRefused):
        enter(office, WRONG)
    root(office).write(users.set_active, ada(office).id, True)
    enter(office, RIGHT)


def test_a_changed_password_is_the_one_that_opens(office: Database) -> None:
    stale = compared(office, RIGHT)
    office.write(passwords.change_password, compared(office, RIGHT), new_password("Another1"), options=OPTIONS)
    with pytest.raises(SignInRefused):
        office.write(sign_in, stale, options=OPTIONS)
    with pytest.raises(SignInRefused):
        enter(office, RIGHT)
    enter(office, "Another1")


def test_the_old_password_is_needed_for_a_new_one_and_guessing_it_counts(office: Database, right: NewPassword) -> None:
    guess = compare_password(WRONG, office.read(passwords.get_own_password, ada(office).id))
    for _ in range(OPTIONS.sign_in_attempts):
        with pytest.raises(SignInRefused):
            office.write(passwords.change_password, guess, right, options=OPTIONS)
    with pytest.raises(RateLimitExceeded):
        office.read(passwords.get_own_password, ada(office).id)


def store_hash_of_an_earlier_system(office: Database) -> None:
    with office.session() as session:
        UserRepository(session).get(ada(office).id).hashed_password = bcrypt.hashpw(
            RIGHT.encode(), bcrypt.gensalt(4)
        ).decode()


def test_a_hash_of_an_earlier_system_is_good_once_and_then_replaced(office: Database) -> None:
    store_hash_of_an_earlier_system(office)
    with pytest.raises(SignInRefused):
        enter(office, WRONG)
    enter(office, RIGHT)
    assert ada(office).hashed_password.startswith("$argon2id$")
    enter(office, RIGHT)


def test_two_sign_ins_at_once_both_succeed_and_renew_an_outdated_hash(office: Database) -> None:
    store_hash_of_an_earlier_system(office)
    first, second = compared(office, RIGHT), compared(office, RIGHT)
    assert first.rehashed != second.rehashed
    office.write(sign_in, first, options=OPTIONS)
    office.write(sign_in, second, options=OPTIONS)
    enter(office, RIGHT)


def test_a_password_needs_no_small_letter_here(office: Database) -> None:
    root(office).write(passwords.set_password, ada(office).id, new_password("CAPITALS1"))
    enter(office, "CAPITALS1")


@pytest.mark.parametrize("plain", ["Short1", "nocapital1", "NoDigitHere", "", "A1" + "x" * 1023])
def test_a_password_is_long_enough_and_mixed(plain: str) -> None:
    with pytest.raises(InvalidValue, match="password"):
        new_password(plain)


def end_by_signing_out(office: Database) -> None:
    office.write(sign_out_everywhere, ada(office).id)


def end_by_password(office: Database) -> None:
    office.write(passwords.change_password, compared(office, RIGHT), new_password("Another1"), options=OPTIONS)


def end_by_administrator(office: Database) -> None:
    root(office).write(passwords.set_password, ada(office).id, new_password("Another1"))


def end_by_role(office: Database) -> None:
    root(office).write(users.set_role, ada(office).id, RoleEnum.VIEWER)


def end_by_switching_off_and_on(office: Database) -> None:
    root(office).write(users.set_active, ada(office).id, False)
    root(office).write(users.set_active, ada(office).id, True)


@pytest.mark.parametrize(
    "end",
    [end_by_signing_out, end_by_password, end_by_administrator, end_by_role, end_by_switching_off_and_on, None],
)
def test_a_session_goes_on_until_something_ends_it(office: Database, end: Callable[[Database], None] | None) -> None:
    entered = enter(office, RIGHT)
    assert office.read(continue_session, entered.user.id, entered.epoch).user.id == entered.user.id
    if end is not None:
        end(office)
        with pytest.raises(NotAuthenticated):
            office.read(continue_session, entered.user.id, entered.epoch)


def test_a_session_of_nobody_does_not_go_on(office: Database) -> None:
    with pytest.raises(NotAuthenticated):
        office.read(continue_session, new_id(), 0)


def test_a_session_goes_on_with_the_role_the_database_says(office: Database) -> None:
    with office.session() as session:
        UserRepository(session).get(ada(office).id).role = RoleEnum.VIEWER
    assert office.read(continue_session, ada(office).id, 0).actor.roles == {"viewer"}


def test_administrators_take_users_in_and_nobody_else_does(office: Database, right: NewPassword) -> None:
    new: dict[str, Any] = {"username": "bob", "email": "Bob@Example.com", "password": right, "full_name": "Bob Bold"}
    bob = root(office).write(users.create_user, **new)
    assert (bob.role, bob.is_active, bob.email) == (RoleEnum.VIEWER, True, "bob@example.com")
    for act in (
        lambda session: users.create_user(session, **{**new, "username": "eve", "email": "e@e.org"}),
        lambda session: users.set_role(session, bob.id, RoleEnum.ADMIN),
        lambda session: users.set_active(session, bob.id, False),
        lambda session: users.delete_user(session, bob.id),
        lambda session: users.update_user(session, bob.id, full_name="Eve"),
        lambda session: passwords.set_password(session, bob.id, right),
        lambda session: sign_out_everywhere(session, bob.id),
        users.list_users,
    ):
        with pytest.raises(AccessDenied):
            office.acting_as(acting(ada(office))).write(act)


def test_nobody_decides_on_their_own_standing(office: Database) -> None:
    administrator = root(office)
    own = administrator.actor.id
    assert own is not None
    for act in (
        lambda session: users.set_role(session, own, RoleEnum.VIEWER),
        lambda session: users.set_active(session, own, False),
        lambda session: users.delete_user(session, own),
    ):
        with pytest.raises(OwnStanding):
            administrator.write(act)


def test_users_change_their_own_name_and_address_and_nothing_else(office: Database) -> None:
    as_ada = office.acting_as(acting(ada(office)))
    changed = as_ada.write(users.update_user, ada(office).id, full_name="Ada Archer", email="ada@b.org")
    assert (changed.full_name, changed.email) == ("Ada Archer", "ada@b.org")
    with pytest.raises(InvalidValue, match="role"):
        as_ada.write(users.update_user, ada(office).id, role=RoleEnum.ADMIN)


def test_users_are_listed_by_name(office: Database) -> None:
    found = office.read(users.list_users, role=RoleEnum.ADMIN)
    assert ([user.username for user in found.items], found.total) == (["root"], 1)
    assert [user.username for user in office.read(users.list_users, limit=1, skip=1).items] == ["root"]
    assert office.read(users.list_users, is_active=False).total == 0


def test_an_administrator_is_made_once_and_keeps_the_password(office: Database, right: NewPassword) -> None:
    first = office.write(users.create_administrator, username="chief", email="c@c.org", password=right)
    again = office.write(
        users.create_administrator, username="Chief", email="d@d.org", password=new_password("Another1")
    )
    assert (again.id, again.email, again.hashed_password) == (first.id, "c@c.org", right.hash)
    with pytest.raises(UsernameTaken):
        office.write(users.create_administrator, username="ada", email="e@e.org", password=right)


def test_a_user_who_is_not_there_is_not_found(office: Database) -> None:
    for act in (users.get_user, passwords.get_own_password):
        with pytest.raises(UserNotFound):
            office.read(act, new_id())


async def test_users_are_found_asynchronously_too(any_async_database: AsyncDatabase) -> None:
    user = await any_async_database.write(add_user)
    async with any_async_database.session() as session:
        repository = UserRepository(session)
        found = [await repository.get_user_by_username("ADA"), await repository.get_user_by_email("ada@example.com")]
        assert await SignInRepository(session).epoch_of(user.id) == 0
    assert [each.id if each else None for each in found] == [user.id, user.id]
