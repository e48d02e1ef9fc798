"""Users by every way a user is looked for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from strongroom.kernel.repositories import Repository, SessionT, operation, query
from strongroom.systems.banking.errors import UserNotFound
from strongroom.systems.banking.models import User

#: what a caller may change of a user; role, status and password have services of their own
UPDATABLE = frozenset(
    {
        "first_name",
        "last_name",
        "phone_number",
        "date_of_birth",
        "country",
        "id_number",
        "bio",
        "profile_picture_url",
    }
)

#: a hash no password has: such a user cannot sign in until one is set
UNUSABLE_PASSWORD = "!"  # noqa: S105 - the very absence of one


@query
def user_by_email(email: str) -> Select[User]:
    return select(User).where(func.lower(User.email) == email.strip().lower())


@query
def user_by_reset_hash(reset_hash: str) -> Select[User]:
    return select(User).where(User.password_reset_hash == reset_hash)


@query
def all_users() -> Select[User]:
    return select(User)


class UserRepository(Repository[SessionT, User]):
    """Users."""

    row = User
    not_found = UserNotFound

    @operation
    def create_user(
        self: UserRepository[Session],
        email: str,
        first_name: str,
        last_name: str,
        phone_number: str | None = None,
        password_hash: str = UNUSABLE_PASSWORD,
    ) -> User:
        """Add a user. Raises InvalidValue, EmailAlreadyExists."""
        user = User(
            email=email,
            first_name=first_name,
            last_name=last_name,
            phone_number=phone_number,
            password_hash=password_hash,
        )
        return self.add(user)

    @operation
    def get_user_by_id(self: UserRepository[Session], user_id: UUID | str) -> User | None:
        """The user, or None."""
        return self.find(user_id)

    @operation
    def get_user_by_email(self: UserRepository[Session], email: str) -> User | None:
        """The user with this address in any case of letters, or None."""
        return self.session.scalars(user_by_email(email)).one_or_none()

    @operation
    def update_user(self: UserRepository[Session], /, user_id: UUID | str, **changes: Any) -> User:
        """Change what a person may change of themselves. Raises UserNotFound, TypeError for any other column."""
        if refused := changes.keys() - UPDATABLE:
            raise TypeError(f"update_user does not change {', '.join(sorted(refused))}")
        user = self.get(user_id)
        for name, value in changes.items():
            setattr(user, name, value)
        self.session.flush()
        return user

    @operation
    def delete_user(self: UserRepository[Session], user_id: UUID | str) -> bool:
        """Remove a user without financial history, accounts included; False when there is none.

        Raises StillReferenced when money has moved: deactivate such a user instead.
        """
        user = self.find(user_id)
        if user is None:
            return False
        self.session.delete(user)
        self.session.flush()
        return True
