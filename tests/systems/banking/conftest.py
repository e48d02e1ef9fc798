"""A customer with money, to begin from."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from strongroom.kernel.values import new_id
from strongroom.systems.banking.models import Account, User
from strongroom.systems.banking.rules import AccountTypeEnum, KycLevelEnum, KycStatusEnum, UserStatusEnum


class OpenAccount(Protocol):
    """An action: open an account with a balance, for a new customer unless an owner is given."""

    def __call__(
        self, session: Session, balance: Decimal | str = "0", *, owner_id: UUID | None = None, **values: Any
    ) -> Account: ...


@pytest.fixture(scope="session")
def open_account() -> OpenAccount:
    return _open_account


def _open_account(
    session: Session, balance: Decimal | str = "0", *, owner_id: UUID | None = None, **values: Any
) -> Account:
    if owner_id is None:
        owner_id = new_id()
        session.add(_customer(owner_id))
        session.flush()
    account = Account(
        user_id=owner_id,
        account_number=owner_id.hex[-8:].upper() + new_id().hex[-8:].upper(),
        account_name="Everyday",
        current_balance=balance,
        **{"account_type": AccountTypeEnum.CHECKING, **values},
    )
    session.add(account)
    session.flush()
    return account


def _customer(user_id: UUID) -> User:
    """Known to the bank well enough to send without a limit of KYC."""
    return User(
        id=user_id,
        email=f"{user_id.hex}@example.com",
        first_name="Ada",
        last_name="Archer",
        password_hash="-",
        status=UserStatusEnum.ACTIVE,
        kyc_status=KycStatusEnum.APPROVED,
        kyc_level=KycLevelEnum.PREMIUM,
    )
