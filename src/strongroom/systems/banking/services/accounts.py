"""The life of an account: opened, made primary, lent to, suspended, closed."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import AlreadyExists
from strongroom.kernel.sessions import now_of
from strongroom.kernel.values import is_currency
from strongroom.systems.banking.errors import BusinessRuleViolation
from strongroom.systems.banking.models import Account, Currency, Investment, Transfer
from strongroom.systems.banking.repositories import (
    AccountRepository,
    UserRepository,
    accounts_of_user,
    investments_of_account,
)
from strongroom.systems.banking.rules import (
    ACCOUNTS_MAX,
    OVERDRAFT_DEFAULT,
    AccountStatusEnum,
    AccountTypeEnum,
    HoldingStatusEnum,
    TransferStatusEnum,
    check_closable,
    check_count,
    check_minimum_balance,
    check_overdraft_can_end,
    check_transition,
    new_account_number,
)
from strongroom.systems.banking.services.access import check_is_administrator, check_own, own_account
from strongroom.systems.banking.services.audit import record

#: how often a random account number that is taken is drawn again
NUMBER_DRAWS = 5


def open_account(
    session: Session,
    user_id: UUID | str,
    account_name: str,
    account_type: AccountTypeEnum | str,
    currency: str = "USD",
) -> Account:
    """Open an empty account; a person's first becomes their primary one. Raises BusinessRuleViolation past five."""
    users = UserRepository(session)
    user = users.get(user_id)
    check_own(users, user.id)
    users.lock([user.id])  # two openings at once would both count four
    owned = session.scalar(select(func.count()).select_from(accounts_of_user(user.id).subquery())) or 0
    closed = AccountStatusEnum.CLOSED
    live = accounts_of_user(user.id).where(Account.status != closed)
    check_count(session.scalar(select(func.count()).select_from(live.subquery())) or 0, ACCOUNTS_MAX, "accounts")
    if is_currency(currency) and session.get(Currency, currency) is None:
        raise BusinessRuleViolation(rule="currency_kept", reason=f"this bank keeps no accounts in {currency}")
    account = Account(
        user_id=user.id,
        account_name=account_name,
        account_type=account_type,
        account_number=_free_number(session),
        currency=currency,
        is_primary=owned == 0 or not _has_primary(session, user.id),
    )
    return AccountRepository(session).add(account)


def set_primary(session: Session, account_id: UUID | str) -> Account:
    """Make this the owner's one primary account. Raises BusinessRuleViolation for a closed one."""
    account = _locked(session, account_id)
    if account.status is AccountStatusEnum.CLOSED:
        raise BusinessRuleViolation(rule="primary_open", reason="a closed account cannot be the primary one")
    AccountRepository(session).set_primary_account(account.user_id, account.id)
    return account


def set_status(session: Session, account_id: UUID | str, status: AccountStatusEnum | str) -> Account:
    """Move an account along its states. Suspending and lifting it is for administrators."""
    account = _locked(session, account_id)
    before = account.status
    wanted = AccountStatusEnum(status) if isinstance(status, str) else status
    if AccountStatusEnum.SUSPENDED in (before, wanted):
        check_is_administrator(session)
    if wanted is AccountStatusEnum.CLOSED:
        return close_account(session, account_id)
    check_transition("account", before, wanted)
    account.status = wanted
    record(session, "account.status", account, before={"status": before}, after={"status": wanted})
    session.flush()
    return account


def close_account(session: Session, account_id: UUID | str) -> Account:
    """Close an empty account for good; another becomes primary in its place."""
    account = _locked(session, account_id)
    holdings = investments_of_account(account.id).where(Investment.status == HoldingStatusEnum.OPEN)
    holdings = holdings.with_only_columns(Investment.id)
    pending = select(Transfer.id).where(
        (Transfer.from_account_id == account.id) | (Transfer.to_account_id == account.id),
        Transfer.status.in_((TransferStatusEnum.PENDING, TransferStatusEnum.PROCESSING)),
    )
    check_closable(
        account.current_balance,
        account.reserved_balance,
        account.pending_balance,
        has_pending_items=bool(session.scalar(select(pending.union_all(holdings).exists()))),
    )
    check_transition("account", account.status, AccountStatusEnum.CLOSED)
    before = account.status
    account.status = AccountStatusEnum.CLOSED
    account.closed_at = now_of(session)
    if account.is_primary:
        account.is_primary = False
        session.flush()  # the index that allows one primary account must see the old one go first
        _promote_another(session, account.user_id)
    record(session, "account.closed", account, before={"status": before}, after={"status": account.status})
    session.flush()
    return account


def set_overdraft(
    session: Session, account_id: UUID | str, *, enabled: bool, limit: Decimal | str = OVERDRAFT_DEFAULT
) -> Account:
    """Let an account go below zero, or no longer. Administrators only; refused while it is overdrawn."""
    check_is_administrator(session)
    account = _locked(session, account_id)
    before = {"enabled": account.is_overdraft_enabled, "limit": account.overdraft_limit}
    if not enabled:
        check_overdraft_can_end(account.current_balance)
    account.overdraft_limit = limit if enabled else Decimal(0)  # type: ignore[assignment]  # coerced on assignment
    account.is_overdraft_enabled = enabled
    after = {"enabled": enabled, "limit": account.overdraft_limit}
    record(session, "account.overdraft", account, before=before, after=after)
    session.flush()
    return account


def set_minimum_balance(session: Session, account_id: UUID | str, minimum: Decimal | str) -> Account:
    """What must stay on the account; never above what is on it."""
    account = _locked(session, account_id)
    account.minimum_balance = minimum  # type: ignore[assignment]  # coerced on assignment
    check_minimum_balance(account.minimum_balance, account.current_balance)
    session.flush()
    return account


def _locked(session: Session, account_id: UUID | str) -> Account:
    account = own_account(session, account_id)
    return AccountRepository(session).lock([account.id])[account.id]


def _free_number(session: Session) -> str:
    for _ in range(NUMBER_DRAWS):
        number = new_account_number()
        if AccountRepository(session).get_account_by_number(number) is None:
            return number
    raise AlreadyExists(constraint="uq_accounts_account_number")


def _has_primary(session: Session, user_id: UUID) -> bool:
    return AccountRepository(session).exists(accounts_of_user(user_id).where(Account.is_primary))


def _promote_another(session: Session, user_id: UUID) -> None:
    open_ones = accounts_of_user(user_id).where(Account.status != AccountStatusEnum.CLOSED)
    oldest = session.scalars(open_ones.order_by(Account.created_at, Account.id).limit(1)).first()
    if oldest is not None:
        oldest.is_primary = True
