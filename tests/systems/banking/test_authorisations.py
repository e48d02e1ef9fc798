"""Claims about payments by card: what they need, what they count towards, and that one request is one hold."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import IdempotencyConflict
from strongroom.kernel.sessions import Database
from strongroom.kernel.values import FixedClock
from strongroom.systems.banking.errors import (
    AccountNotActive,
    BusinessRuleViolation,
    CardFrozen,
    InsufficientFunds,
    TransferLimitExceeded,
    UserNotActive,
)
from strongroom.systems.banking.models import Account, Card, Hold, User
from strongroom.systems.banking.rules import AccountStatusEnum, CardChannelEnum
from strongroom.systems.banking.services import authorisations, cards, holds

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
NUMBER = cards.conceal("4111111111111111", b"a secret of the bank, 32 bytes or more")
CHIP, ONLINE, CONTACTLESS = CardChannelEnum.CHIP, CardChannelEnum.ONLINE, CardChannelEnum.CONTACTLESS
OpenAccount = Callable[..., Account]


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def bank(any_database: Database, clock: FixedClock) -> Database:
    """A database whose clock stands still on the last day of a month."""
    any_database.clock = clock
    return any_database


@pytest.fixture
def account(bank: Database, open_account: OpenAccount) -> Account:
    return bank.write(open_account, "5000.00")


@pytest.fixture
def card(bank: Database, account: Account) -> Card:
    """An active card on five thousand dollars."""
    return active_card(bank, account)


def active_card(bank: Database, account: Account) -> Card:
    issued = bank.write(
        cards.issue_card,
        account.id,
        NUMBER,
        card_type="debit",
        cardholder_name="Ada Archer",
        expiry_month=12,
        expiry_year=2050,
    )
    return bank.write(cards.activate_card, issued.id)


def test_a_payment_sets_its_amount_aside_and_posts_nothing(bank: Database, account: Account, card: Card) -> None:
    hold = bank.write(authorisations.authorise, card.id, "120.50", channel=CHIP, merchant_name="Corner Shop")
    assert (hold.amount, hold.card_id, hold.description) == (Decimal("120.50"), card.id, "Corner Shop")
    after = bank.read(lambda session: session.get_one(Account, account.id))
    assert (after.current_balance, after.reserved_balance) == (Decimal(5000), Decimal("120.50"))
    assert bank.read(lambda session: session.get_one(Card, card.id)).last_used_date == NOW


def test_a_card_that_is_stopped_pays_nothing(bank: Database, account: Account, card: Card) -> None:
    bank.write(cards.freeze_card, card.id)
    with pytest.raises(CardFrozen):
        bank.write(authorisations.authorise, card.id, "1", channel=CHIP)
    bank.write(cards.activate_card, card.id)
    bank.write(cards.block_card, card.id)
    with pytest.raises(BusinessRuleViolation, match="blocked"):
        bank.write(authorisations.authorise, card.id, "1", channel=CHIP)
    assert bank.read(lambda session: session.get_one(Account, account.id)).reserved_balance == 0


def test_a_way_of_paying_that_is_switched_off_is_refused(bank: Database, card: Card) -> None:
    pay = authorisations.authorise
    with pytest.raises(BusinessRuleViolation, match="international"):
        bank.write(pay, card.id, "1", channel=CHIP, is_international=True)
    bank.write(cards.set_channels, card.id, online=False, contactless=False, international=True)
    for channel in (ONLINE, CONTACTLESS):
        with pytest.raises(BusinessRuleViolation, match=channel.value):
            bank.write(pay, card.id, "1", channel=channel)
    assert bank.write(pay, card.id, "1", channel=CHIP, is_international=True).amount == 1


def test_a_payment_needs_an_active_account_an_active_holder_and_the_money(
    bank: Database, account: Account, card: Card
) -> None:
    bank.write(cards.set_limits, card.id, daily_limit="9000")
    with pytest.raises(InsufficientFunds):
        bank.write(authorisations.authorise, card.id, "5000.01", channel=CHIP)

    def rest(session: Session) -> None:
        session.get_one(Account, account.id).status = AccountStatusEnum.INACTIVE

    def suspend(session: Session) -> None:
        user = session.get_one(User, account.user_id)
        user.is_active = False

    bank.write(rest)
    with pytest.raises(AccountNotActive):
        bank.write(authorisations.authorise, card.id, "1", channel=CHIP)
    bank.write(suspend)
    with pytest.raises(UserNotActive):
        bank.write(authorisations.authorise, card.id, "1", channel=CHIP)


def test_holds_and_payments_of_the_day_count_towards_the_daily_limit(
    bank: Database, clock: FixedClock, card: Card
) -> None:
    pay = authorisations.authorise
    hold = bank.write(pay, card.id, "600", channel=CHIP)
    with pytest.raises(TransferLimitExceeded) as refused:
        bank.write(pay, card.id, "400.01", channel=CHIP)
    assert refused.value.facts["remaining"] == 400
    bank.write(holds.capture_hold, hold.id)
    with pytest.raises(TransferLimitExceeded):
        bank.write(pay, card.id, "400.01", channel=CHIP)
    released = bank.write(pay, card.id, "400", channel=CHIP)
    bank.write(holds.release_hold, released.id)
    assert bank.write(pay, card.id, "400", channel=CHIP).amount == 400


def test_limits_begin_anew_with_the_utc_day_and_month(bank: Database, clock: FixedClock, card: Card) -> None:
    bank.write(cards.set_limits, card.id, daily_limit="1000", monthly_limit="1500")
    pay = authorisations.authorise
    clock.advance(timedelta(days=1))  # 1 April
    bank.write(pay, card.id, "1000", channel=CHIP)
    clock.advance(timedelta(days=1))
    with pytest.raises(TransferLimitExceeded) as refused:
        bank.write(pay, card.id, "500.01", channel=CHIP)
    assert (refused.value.facts["limit"], refused.value.facts["remaining"]) == ("monthly", 500)
    clock.advance(timedelta(days=29))  # 1 May
    assert bank.write(pay, card.id, "1000", channel=CHIP).amount == 1000


def test_payments_made_at_once_stay_within_the_limit(database: Database, open_account: OpenAccount) -> None:
    card = active_card(database, database.write(open_account, "5000"))

    def pay(_: int) -> str:
        try:
            database.write(authorisations.authorise, card.id, "300", channel=CHIP)
        except TransferLimitExceeded:
            return "refused"
        return "held"

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(pay, range(6)))
    assert (outcomes.count("held"), outcomes.count("refused")) == (3, 3)


def test_a_payment_sent_again_with_its_key_is_one_hold(bank: Database, card: Card) -> None:
    first, again = (bank.write(authorisations.authorise, card.id, "10", channel=CHIP, key="k") for _ in range(2))
    assert first.id == again.id
    assert len(bank.read(lambda session: session.scalars(select(Hold)).all())) == 1
    with pytest.raises(IdempotencyConflict):
        bank.write(authorisations.authorise, card.id, "11", channel=CHIP, key="k")


def test_a_payment_that_was_refused_may_be_asked_again_with_its_key(
    bank: Database, account: Account, card: Card
) -> None:
    blocking = bank.write(holds.place_hold, account.id, "5000")
    with pytest.raises(InsufficientFunds):
        bank.write(authorisations.authorise, card.id, "10", channel=CHIP, key="k")
    bank.write(holds.release_hold, blocking.id)
    assert bank.write(authorisations.authorise, card.id, "10", channel=CHIP, key="k").amount == 10
