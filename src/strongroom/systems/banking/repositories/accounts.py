"""Accounts and the holds on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from strongroom.kernel.repositories import Repository, SessionT, operation, query
from strongroom.systems.banking.errors import AccountNotFound, HoldNotFound
from strongroom.systems.banking.models import Account, Hold, User
from strongroom.systems.banking.rules import AccountTypeEnum, HoldStatusEnum


@query
def accounts_of_user(user_id: UUID) -> Select[Account]:
    return select(Account).where(Account.user_id == user_id)


@query
def account_by_number(account_number: str) -> Select[Account]:
    return select(Account).where(Account.account_number == account_number)


@query
def holds_of_account(account_id: UUID) -> Select[Hold]:
    return select(Hold).where(Hold.account_id == account_id)


@query
def expired_holds(now: datetime) -> Select[Hold]:
    return select(Hold).where(Hold.status == HoldStatusEnum.ACTIVE, Hold.expires_at <= now)


class AccountRepository(Repository[SessionT, Account]):
    """Accounts. Balances change by posting and by holds, never here."""

    row = Account
    not_found = AccountNotFound

    @operation
    def create_account(
        self: AccountRepository[Session],
        user_id: UUID | str,
        account_name: str,
        account_type: AccountTypeEnum | str,
        account_number: str,
        currency: str = "USD",
    ) -> Account:
        """Add an empty account. Raises InvalidValue, AlreadyExists."""
        account = Account(
            user_id=user_id,
            account_name=account_name,
            account_type=account_type,
            account_number=account_number,
            currency=currency,
        )
        return self.add(account)

    @operation
    def get_account_by_id(self: AccountRepository[Session], account_id: UUID | str) -> Account | None:
        """The account, or None."""
        return self.find(account_id)

    @operation
    def get_accounts_by_user_id(self: AccountRepository[Session], user_id: UUID) -> Sequence[Account]:
        """All accounts of a user, oldest first."""
        return self.session.scalars(accounts_of_user(user_id).order_by(Account.created_at, Account.id)).all()

    @operation
    def get_account_by_number(self: AccountRepository[Session], account_number: str) -> Account | None:
        """The account with this number, or None."""
        return self.session.scalars(account_by_number(account_number)).one_or_none()

    @operation
    def set_primary_account(self: AccountRepository[Session], user_id: UUID, account_id: UUID) -> bool:
        """Make this the user's one primary account. False, with nothing changed, when it is not theirs."""
        # the user's row is what two switches at once both touch, so the second waits for the first
        self.session.execute(select(User.id).where(User.id == user_id).with_for_update(key_share=True))
        account = self.session.scalars(accounts_of_user(user_id).where(Account.id == account_id)).one_or_none()
        if account is None:
            return False
        others = update(Account).where(Account.user_id == user_id, Account.is_primary, Account.id != account_id)
        self.session.execute(others.values(is_primary=False))
        account.is_primary = True
        self.session.flush()
        return True


class HoldRepository(Repository[SessionT, Hold]):
    """Holds."""

    row = Hold
    not_found = HoldNotFound

    @operation
    def get_expired(self: HoldRepository[Session], now: datetime, limit: int = 1000) -> Sequence[Hold]:
        """Active holds whose time has passed, oldest first."""
        return self.session.scalars(expired_holds(now).order_by(Hold.expires_at).limit(limit)).all()
