"""Claims about what banking refuses."""

from __future__ import annotations

from decimal import Decimal

import pytest

from strongroom.kernel.errors import NotFound, Refused, StrongroomError
from strongroom.systems.banking import errors

OWN = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, StrongroomError) and kind.__module__ == errors.__name__
]


@pytest.mark.parametrize(
    ("kind", "code", "status"),
    [
        (errors.InsufficientFunds, "INSUFFICIENT_FUNDS", 400),
        (errors.CardFrozen, "CARD_FROZEN", 403),
        (errors.CardNotFound, "CARD_NOT_FOUND", 404),
        (errors.AccountNotFound, "ACCOUNT_NOT_FOUND", 404),
        (errors.TransactionNotFound, "TRANSACTION_NOT_FOUND", 404),
        (errors.UserNotFound, "USER_NOT_FOUND", 404),
        (errors.TransferLimitExceeded, "TRANSFER_LIMIT_EXCEEDED", 400),
        (errors.InvalidCurrency, "INVALID_CURRENCY", 400),
        (errors.BusinessRuleViolation, "BUSINESS_RULE_VIOLATION", 400),
        (errors.EmailAlreadyExists, "EMAIL_ALREADY_EXISTS", 409),
        (errors.Unbalanced, "LEDGER_UNBALANCED", 422),
    ],
)
def test_codes_and_statuses_are_those_clients_know(kind: type[StrongroomError], code: str, status: int) -> None:
    assert (kind.code, kind.status) == (code, status)


def test_no_two_errors_share_a_code() -> None:
    codes = [kind.code for kind in OWN]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("kind", OWN)
def test_running_a_refused_action_again_does_not_help(kind: type[StrongroomError]) -> None:
    assert not kind.retryable


@pytest.mark.parametrize("kind", [errors.InsufficientFunds, errors.TransferLimitExceeded, errors.CardFrozen])
def test_a_refusal_of_money_is_an_answer_that_is_kept(kind: type[StrongroomError]) -> None:
    assert issubclass(kind, Refused)


def test_what_is_not_found_is_found_by_one_except() -> None:
    assert {kind for kind in OWN if kind.status == 404} == {kind for kind in OWN if issubclass(kind, NotFound)}


def test_missing_money_is_told_in_one_sentence_with_its_facts() -> None:
    error = errors.InsufficientFunds(
        available=Decimal("10.00"), requested=Decimal("12.50"), currency="USD", shortfall=Decimal("2.50")
    )
    assert str(error) == "10.00 USD can be spent, 12.50 USD was asked for: 2.50 is missing"
    assert set(error.facts) == {"available", "requested", "currency", "shortfall"}


def test_an_address_that_is_taken_is_not_repeated() -> None:
    assert "@" not in str(errors.EmailAlreadyExists(email="a@b.cc"))
