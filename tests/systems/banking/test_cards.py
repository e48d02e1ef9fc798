"""Claims about cards: what is kept of their numbers and PINs, how they live, and what they may pay."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from strongroom.kernel.errors import (
    AccessDenied,
    AlreadyExists,
    ConfigurationError,
    InvalidValue,
    StrongroomError,
)
from strongroom.kernel.repositories import Cursors, Part
from strongroom.kernel.sessions import Actor, Database
from strongroom.kernel.values import FixedClock, new_id
from strongroom.systems.banking.errors import (
    AccountNotActive,
    BusinessRuleViolation,
    CardNotFound,
    WrongPin,
)
from strongroom.systems.banking.models import Account, AuditRecord, Card
from strongroom.systems.banking.rules import AccountStatusEnum, CardChannelEnum, CardStatusEnum, is_luhn_valid
from strongroom.systems.banking.services import authorisations, cards, pins

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
SECRET = b"a secret of the bank, 32 bytes or more"
PAN = "4111111111111111"
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
    return bank.write(cards.activate_card, issue(bank, account).id)


def issue(bank: Database, account: Account, number: str = PAN, **values: Any) -> Card:
    given = {
        "card_type": "debit",
        "cardholder_name": "Ada Archer",
        "expiry_month": 3,
        "expiry_year": 2026,
        **values,
    }
    return bank.write(cards.issue_card, account.id, cards.conceal(number, SECRET), **given)


def numbers(count: int) -> list[str]:
    """Different card numbers with the right check digit."""
    found = (f"40000000{number:08}" for number in range(10_000))
    return [number for number in found if is_luhn_valid(number)][:count]


def stored(bank: Database, card: Card) -> Card:
    return bank.read(lambda session: session.get_one(Card, card.id))


def holder(card: Card) -> Actor:
    return Actor(card.user_id, "Ada", frozenset({"user"}))


# ── numbers


def test_the_number_of_a_card_is_nowhere_in_the_database(bank: Database, account: Account) -> None:
    card = issue(bank, account)

    def everything(session: Session) -> str:
        tables = ("cards", "audit_log", "accounts", "idempotency_keys")
        return repr([session.execute(text(f"SELECT * FROM banking.{table}")).all() for table in tables])

    assert PAN not in bank.read(everything)
    assert (card.card_number_masked, card.last4) == ("************1111", "1111")


def test_the_fingerprint_of_a_number_depends_on_the_secret() -> None:
    one, same, other = (cards.conceal(PAN, secret) for secret in (SECRET, SECRET, SECRET[::-1]))
    assert one == same
    assert one.fingerprint != other.fingerprint
    assert one.fingerprint.hex() not in repr(one)


def test_a_secret_that_could_be_guessed_is_refused() -> None:
    with pytest.raises(ConfigurationError):
        cards.conceal(PAN, b"short")


def test_a_number_with_a_wrong_check_digit_is_refused_without_repeating_it() -> None:
    with pytest.raises(InvalidValue) as refused:
        cards.conceal("4111111111111112", SECRET)
    assert "41111" not in str(refused.value)


def test_the_same_number_is_issued_once(bank: Database, account: Account) -> None:
    first = issue(bank, account)
    with pytest.raises(AlreadyExists):
        issue(bank, account)
    assert first.pan_token != issue(bank, account, numbers(1)[0]).pan_token


def test_a_user_has_ten_cards_at_most_cancelled_ones_not_counted(bank: Database, account: Account) -> None:
    *ten, eleventh = numbers(11)
    issued = [issue(bank, account, number) for number in ten]
    with pytest.raises(BusinessRuleViolation):
        issue(bank, account, eleventh)
    bank.write(cards.cancel_card, issued[0].id)
    assert issue(bank, account, eleventh).status is CardStatusEnum.INACTIVE


def test_ten_cards_stay_ten_when_several_are_issued_at_once(database: Database, open_account: OpenAccount) -> None:
    account = database.write(open_account)
    expiry = {"expiry_year": 2050}

    def attempt(number: str) -> str:
        try:
            issue(database, account, number, **expiry)
        except BusinessRuleViolation:
            return "refused"
        return "issued"

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(attempt, numbers(13)))
    assert (outcomes.count("issued"), outcomes.count("refused")) == (10, 3)


@pytest.mark.parametrize("expiry", [{"expiry_month": 2}, {"expiry_year": 2025}])
def test_a_card_that_has_expired_is_not_issued(bank: Database, account: Account, expiry: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        issue(bank, account, **expiry)


def test_a_card_is_issued_on_an_active_account_of_its_holder(bank: Database, open_account: OpenAccount) -> None:
    with pytest.raises(AccountNotActive):
        issue(bank, bank.write(open_account, status=AccountStatusEnum.INACTIVE))
    stranger = Actor(new_id(), "Mallory", frozenset({"user"}))
    with pytest.raises(StrongroomError, match="no account has this id"):
        issue(bank.acting_as(stranger), bank.write(open_account))


# ── life


def test_a_card_works_from_its_activation_on_and_its_holder_stops_and_wakes_it(bank: Database, card: Card) -> None:
    assert (card.status, card.activation_date) == (CardStatusEnum.ACTIVE, NOW)
    own = bank.acting_as(holder(card))
    assert own.write(cards.freeze_card, card.id).status is CardStatusEnum.INACTIVE
    assert own.write(cards.activate_card, card.id).activation_date == NOW
    assert own.write(cards.cancel_card, card.id).status is CardStatusEnum.CANCELLED
    with pytest.raises(BusinessRuleViolation):
        own.write(cards.activate_card, card.id)


def test_only_the_bank_wakes_a_blocked_card(bank: Database, card: Card) -> None:
    own = bank.acting_as(holder(card))
    own.write(cards.block_card, card.id)
    with pytest.raises(BusinessRuleViolation):
        own.write(cards.activate_card, card.id)
    with pytest.raises(AccessDenied):
        own.write(cards.unblock_card, card.id)
    assert bank.write(cards.unblock_card, card.id).status is CardStatusEnum.ACTIVE


def test_a_frozen_card_is_not_woken_by_unblocking(bank: Database, card: Card) -> None:
    bank.write(cards.freeze_card, card.id)
    with pytest.raises(BusinessRuleViolation):
        bank.write(cards.unblock_card, card.id)


def test_a_card_expires_with_the_last_day_of_its_month(bank: Database, clock: FixedClock, card: Card) -> None:
    assert bank.write(cards.expire_cards) == 0
    clock.advance(timedelta(hours=12))
    with pytest.raises(BusinessRuleViolation, match="expired"):
        bank.write(authorisations.authorise, card.id, "1", channel=CHIP)
    assert bank.write(cards.expire_cards) == 1
    assert stored(bank, card).status is CardStatusEnum.EXPIRED


def test_other_peoples_cards_are_not_there(bank: Database, card: Card) -> None:
    stranger = bank.acting_as(Actor(new_id(), "Mallory", frozenset({"user"})))
    for action in (cards.get_card, pins.get_pin):
        with pytest.raises(CardNotFound):
            stranger.read(action, card.id)
    with pytest.raises(CardNotFound):
        stranger.write(authorisations.authorise, card.id, "1", channel=CHIP)
    with pytest.raises(CardNotFound):
        stranger.write(cards.cancel_card, card.id)


def test_the_cards_of_a_user_come_page_by_page(bank: Database, account: Account, open_account: OpenAccount) -> None:
    issued = [issue(bank, account, number).id for number in numbers(3)]
    other = bank.write(open_account, owner_id=account.user_id)
    part = Part(Cursors(SECRET), limit=2)
    first = bank.read(cards.list_cards, part, account.user_id)
    second = bank.read(cards.list_cards, Part(Cursors(SECRET), 2, first.next_cursor), account.user_id)
    assert [card.id for card in (*first.items, *second.items)] == issued[::-1]
    assert not bank.read(cards.list_cards, part, account.user_id, account_id=other.id).items


def test_limits_change_on_an_active_card_only_and_leave_a_record(bank: Database, card: Card) -> None:
    changed = bank.write(cards.set_limits, card.id, daily_limit="200.50")
    assert (changed.daily_limit, changed.monthly_limit) == (Decimal("200.50"), Decimal(10_000))
    for limits in ({"daily_limit": "0"}, {"monthly_limit": "100"}, {"daily_limit": "1.001"}):
        with pytest.raises(InvalidValue):
            bank.write(cards.set_limits, card.id, **limits)
    bank.write(cards.freeze_card, card.id)
    with pytest.raises(BusinessRuleViolation):
        bank.write(cards.set_limits, card.id, daily_limit="300")
    records = bank.read(lambda s: s.scalars(select(AuditRecord).where(AuditRecord.event_type == "card.limits")).all())
    assert [record.after for record in records] == [{"daily_limit": "200.50", "monthly_limit": "10000.0000"}]


# ── PINs


def with_pin(bank: Database, card: Card, pin: str = "7306") -> Card:
    return bank.write(pins.set_pin, pins.new_pin(card.id, pin, SECRET))


def enter(bank: Database, card: Card, pin: str) -> Card:
    compared = pins.compare(pin, bank.read(pins.get_pin, card.id), SECRET)
    return bank.write(pins.verify_pin, compared)


@pytest.mark.parametrize("pin", ["1234", "0000", "12", "1234567", "12a4", "4321"])
def test_a_pin_that_is_easy_to_guess_is_refused(pin: str) -> None:
    with pytest.raises(InvalidValue):
        pins.new_pin(new_id(), pin, SECRET)


def test_three_wrong_pins_block_a_card_and_stay_counted_although_each_is_an_error(bank: Database, card: Card) -> None:
    with_pin(bank, card)
    for left in (2, 1, 0):
        with pytest.raises(WrongPin) as wrong:
            enter(bank, card, "9999")
        assert wrong.value.facts == {"attempts_left": left}
        assert stored(bank, card).failed_pin_attempts == 3 - left
    assert stored(bank, card).status is CardStatusEnum.BLOCKED
    with pytest.raises(BusinessRuleViolation, match="blocked"):
        enter(bank, card, "7306")
    bank.write(cards.unblock_card, card.id)
    assert enter(bank, card, "7306").failed_pin_attempts == 0


def test_a_right_pin_forgives_the_wrong_ones_before_it(bank: Database, card: Card) -> None:
    with_pin(bank, card)
    with pytest.raises(WrongPin):
        enter(bank, card, "9999")
    assert enter(bank, card, "7306").failed_pin_attempts == 0
    assert stored(bank, card).failed_pin_attempts == 0


def test_guesses_made_at_once_are_three_and_no_more(database: Database, open_account: OpenAccount) -> None:
    issued = issue(database, database.write(open_account), expiry_year=2050)
    card = database.write(cards.activate_card, issued.id)
    found = pins.StoredPin(card.id, with_pin(database, card).pin_hash or "")
    guesses = [pins.ComparedPin(found.card_id, found.hash, is_right=number == 7) for number in range(8)]

    def guess(compared: pins.ComparedPin) -> str:
        try:
            database.write(pins.verify_pin, compared)
        except StrongroomError as error:
            return error.code
        return "right"

    with ThreadPoolExecutor(4) as pool:
        outcomes = [*pool.map(guess, guesses[:7]), guess(guesses[7])]
    assert outcomes.count("WRONG_PIN") == 3
    assert "right" not in outcomes


def test_a_hash_is_of_no_use_without_the_secret_or_for_another_card(bank: Database, card: Card) -> None:
    found = pins.StoredPin(card.id, with_pin(bank, card).pin_hash or "")
    assert pins.compare("7306", found, SECRET).is_right
    assert not pins.compare("7306", found, SECRET[::-1]).is_right
    assert not pins.compare("7306", pins.StoredPin(new_id(), found.hash), SECRET).is_right


def test_a_pin_that_was_changed_meanwhile_does_not_count_against_the_card(bank: Database, card: Card) -> None:
    with_pin(bank, card)
    compared = pins.compare("9999", bank.read(pins.get_pin, card.id), SECRET)
    with_pin(bank, card, "8241")
    with pytest.raises(BusinessRuleViolation, match="changed"):
        bank.write(pins.verify_pin, compared)
    assert stored(bank, card).failed_pin_attempts == 0


def test_a_card_without_a_pin_or_past_its_life_has_none_to_verify(bank: Database, card: Card) -> None:
    with pytest.raises(BusinessRuleViolation, match="no PIN"):
        bank.read(pins.get_pin, card.id)
    bank.write(cards.cancel_card, card.id)
    with pytest.raises(BusinessRuleViolation, match="cancelled"):
        with_pin(bank, card)
