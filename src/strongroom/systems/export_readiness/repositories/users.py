"""Businesses by address and id, and how they come in."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from strongroom.kernel.repositories import Repository, SessionT, operation, query
from strongroom.systems.export_readiness.errors import ExporterNotFound
from strongroom.systems.export_readiness.models import SignIn, User
from strongroom.systems.export_readiness.repositories.writing import insert_unless_there


@query
def user_by_email(email: str) -> Select[User]:
    return select(User).where(func.lower(User.email) == email.strip().lower())


@query
def all_users() -> Select[User]:
    return select(User)


class UserRepository(Repository[SessionT, User]):
    """Businesses."""

    row = User
    not_found = ExporterNotFound

    @operation
    def get_user_by_email(self: UserRepository[Session], email: str) -> User | None:
        """The business with this address in any case of letters, or None."""
        return self.session.scalars(user_by_email(email)).one_or_none()


class SignInRepository(Repository[SessionT, SignIn]):
    """How businesses come in."""

    row = SignIn
    not_found = ExporterNotFound

    @operation
    def of_user(self: SignInRepository[Session], user_id: UUID) -> SignIn:
        """The row of this business, made if it is not there yet. Lock the business first."""
        found = self.session.get(SignIn, user_id, populate_existing=True)
        if found is None:
            insert_unless_there(self.session, SignIn, {"user_id": user_id})
            found = self.session.get_one(SignIn, user_id)
        return found

    @operation
    def epoch_of(self: SignInRepository[Session], user_id: UUID) -> int:
        """What a token of this business has to carry."""
        return self.session.scalar(select(SignIn.epoch).where(SignIn.user_id == user_id)) or 0
