"""The sample people and what they did. Made up; every amount goes through the ledger like any other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from strongroom.kernel.encryption import hash_password
from strongroom.systems.banking.models import Account, Card, Investment, StatementLine, Transaction, User
from strongroom.systems.banking.repositories import CardRepository, UserRepository
from strongroom.systems.banking.rules import (
    AccountTypeEnum,
    CardTypeEnum,
    InvestmentTypeEnum,
    KycLevelEnum,
    KycStatusEnum,
    PaymentMethodEnum,
    UserRoleEnum,
    UserStatusEnum,
)
from strongroom.systems.banking.services import accounts, cash, investments, p2p, transfers

#: of every sample person; samples are refused in production
SAMPLE_PASSWORD = "Strongroom1"  # noqa: S105 - printed for newcomers


@dataclass(frozen=True, slots=True)
class Person:
    """One made-up customer."""

    email: str
    first_name: str
    last_name: str
    role: UserRoleEnum = UserRoleEnum.USER


PEOPLE = (
    Person("admin@example.com", "Ada", "Admin", UserRoleEnum.ADMIN),
    Person("alice@example.com", "Alice", "Archer"),
    Person("bob@example.com", "Bob", "Baker"),
    Person("carol@example.com", "Carol", "Chandler", UserRoleEnum.PREMIUM),
)
_COUNTED = {"users": User, "accounts": Account, "transactions": Transaction, "cards": Card, "investments": Investment}


def load_samples(session: Session) -> Mapping[str, int]:
    """Add the sample bank if it is not there yet. Returns how many rows were added, by noun."""
    if UserRepository(session).get_user_by_email(PEOPLE[0].email) is not None:
        return dict.fromkeys(_COUNTED, 0)
    before = _counts(session)
    password_hash = hash_password(SAMPLE_PASSWORD)
    _, alice, bob, carol = (_add(session, person, password_hash) for person in PEOPLE)
    checking = accounts.open_account(session, alice.id, "Everyday", AccountTypeEnum.CHECKING)
    savings = accounts.open_account(session, alice.id, "Rainy days", AccountTypeEnum.SAVINGS)
    bobs = accounts.open_account(session, bob.id, "Household", AccountTypeEnum.CHECKING)
    carols = accounts.open_account(session, carol.id, "Depot", AccountTypeEnum.INVESTMENT)
    salary = PaymentMethodEnum.BANK_TRANSFER
    paid = cash.deposit(session, checking.id, "4200.00", description="Salary", payment_method=salary)
    cash.deposit(session, bobs.id, "1500.00", description="Opening deposit")
    cash.deposit(session, carols.id, "25000.00", description="Opening deposit", payment_method=salary)
    transfers.transfer(session, checking.id, savings.id, "1000.00", description="Set aside")
    transfers.transfer(session, checking.id, bobs.id, "250.00", description="Rent, my half")
    p2p.p2p_send(session, bobs.id, alice.id, "18.50", description="Dinner")
    cash.withdraw(session, checking.id, "60.00", description="Cash machine")
    cash.pay_interest(session, savings.id, "1.25", description="Interest")
    cash.charge_fee(session, bobs.id, "2.00", description="Monthly fee")
    accounts.set_overdraft(session, checking.id, enabled=True)
    investments.buy(
        session,
        carols.id,
        symbol="VWRL",
        name="All the world's shares",
        investment_type=InvestmentTypeEnum.ETF,
        quantity="12.5",
        price="118.40",
    )
    session.add(_printed(paid))
    CardRepository(session).create_card(
        alice.id, checking.id, CardTypeEnum.DEBIT, alice.full_name, "************4242", 12, 2030
    )
    return {noun: count - before[noun] for noun, count in _counts(session).items()}


def _add(session: Session, person: Person, password_hash: str) -> User:
    return UserRepository(session).add(
        User(
            email=person.email,
            first_name=person.first_name,
            last_name=person.last_name,
            password_hash=password_hash,
            role=person.role,
            status=UserStatusEnum.ACTIVE,
            is_verified=True,
            email_verified=True,
            kyc_status=KycStatusEnum.APPROVED,
            kyc_level=KycLevelEnum.ENHANCED,
            country="US",
        )
    )


def _printed(row: Transaction) -> StatementLine:
    """The movement as the paying bank's statement has it."""
    assert row.balance_after is not None, "it is posted"
    return StatementLine(
        account_id=row.account_id,
        transaction_id=row.id,
        source="sample",
        reference="SAMPLE-1",
        booked_at=row.transaction_date,
        amount=row.amount,
        balance=row.balance_after,
    )


def _counts(session: Session) -> dict[str, int]:
    return {noun: session.scalar(select(func.count()).select_from(model)) or 0 for noun, model in _COUNTED.items()}
