"""Users by every way a user is looked for, and how they come in."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from strongroom.kernel.repositories import Repository, SessionT, operation, query
from strongroom.systems.forecasting.errors import UserNotFound
from strongroom.systems.forecasting.models import SignIn, User
from strongroom.systems.forecasting.repositories.listings import Listing, read_listing
from strongroom.systems.forecasting.repositories.writing import insert_unless_there
from strongroom.systems.forecasting.rules import RoleEnum


@query
def user_by_username(username: str) -> Select[User]:
    return select(User).where(func.lower(User.username) == username.strip().lower())


@query
def user_by_email(email: str) -> Select[User]:
    return select(User).where(func.lower(User.email) == email.strip().lower())


@query
def user_by_login(login: str) -> Select[User]:
    """By name or by address: a name holds no @, so at most one is found."""
    wanted = login.strip().lower()
    return select(User).where(or_(func.lower(User.username) == wanted, func.lower(User.email) == wanted))


class UserRepository(Repository[SessionT, User]):
    """Users."""

    row = User
    not_found = UserNotFound

    @operation
    def get_user_by_username(self: UserRepository[Session], username: str) -> User | None:
        """The user with this name in any case of letters, or None."""
        return self.session.scalars(user_by_username(username)).one_or_none()

    @operation
    def get_user_by_email(self: UserRepository[Session], email: str) -> User | None:
        """The user with this address in any case of letters, or None."""
        return self.session.scalars(user_by_email(email)).one_or_none()

    @operation
    def find_by_login(self: UserRepository[Session], login: str) -> User | None:
        """The user with this name or this address, in any case of letters, or None."""
        return self.session.scalars(user_by_login(login)).one_or_none()

    @operation
    def list_users(
        self: UserRepository[Session],
        *,
        role: RoleEnum | None = None,
        is_active: bool | None = None,
        skip: int = 0,
        limit: int = 100,
    ) -> Listing[User]:
        """By name. Raises InvalidValue."""
        matching = select(User)
        if role is not None:
            matching = matching.where(User.role == role)
        if is_active is not None:
            matching = matching.where(User.is_active == is_active)
        return read_listing(self.session, matching, [func.lower(User.username)], skip=skip, limit=limit)


class SignInRepository(Repository[SessionT, SignIn]):
    """How users come in."""

    row = SignIn
    not_found = UserNotFound

    @operation
    def of_user(self: SignInRepository[Session], user_id: UUID) -> SignIn:
        """The row of this user, made if it is not there yet. Lock the user first."""
        found = self.session.get(SignIn, user_id, populate_existing=True)
        if found is None:
            insert_unless_there(self.session, SignIn, user_id=user_id)
            found = self.session.get_one(SignIn, user_id)
        return found

    @operation
    def epoch_of(self: SignInRepository[Session], user_id: UUID) -> int:
        """What a token of this user has to carry."""
        return self.session.scalar(select(SignIn.epoch).where(SignIn.user_id == user_id)) or 0
