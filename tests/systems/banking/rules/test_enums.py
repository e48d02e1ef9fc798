"""Claims about the words banking chooses from."""

from __future__ import annotations

from enum import Enum

import pytest

from strongroom.systems.banking.rules import Side, enums

ENUMS = [
    kind for kind in vars(enums).values() if isinstance(kind, type) and issubclass(kind, Enum) and kind is not Enum
]

WORDS = {
    "AccountTypeEnum": "checking savings investment credit business",
    "AccountStatusEnum": "active inactive suspended closed pending",
    "TransactionTypeEnum": "deposit withdrawal transfer_in transfer_out payment refund fee interest dividend purchase "
    "sale atm_withdrawal card_payment mobile_payment bill_payment salary loan_payment investment other",
    "TransactionStatusEnum": "pending processing completed failed cancelled reversed",
    "TransactionDirectionEnum": "inbound outbound",
    "MerchantCategoryEnum": "groceries restaurants gas_stations retail entertainment travel healthcare utilities "
    "education automotive home_improvement insurance professional_services government charity online_services "
    "subscription atm_fee bank_fee transfer investment_trade cash_advance other",
    "PaymentMethodEnum": "card bank_transfer mobile_money cash check wire ach crypto other",
    "CardTypeEnum": "debit credit prepaid",
    "CardStatusEnum": "active inactive blocked expired cancelled",
    "InvestmentTypeEnum": "stock bond etf mutual_fund crypto commodity reit index_fund",
    "P2PStatusEnum": "pending completed failed cancelled declined expired reversed",
    "TransferStatusEnum": "pending processing completed failed cancelled reversed",
    "HoldStatusEnum": "active captured released expired",
    "UserStatusEnum": "pending active suspended deactivated",
    "UserRoleEnum": "user premium admin",
    "KycStatusEnum": "not_started in_progress pending_review approved rejected expired suspended",
    "KycLevelEnum": "basic standard enhanced premium",
}


@pytest.mark.parametrize("name", WORDS)
def test_the_words_are_those_the_database_and_the_api_know(name: str) -> None:
    assert [member.value for member in getattr(enums, name)] == WORDS[name].split()


@pytest.mark.parametrize("kind", [kind for kind in ENUMS if kind is not Side])
def test_a_value_is_its_name_in_lower_case(kind: type[Enum]) -> None:
    assert all(member.value == member.name.lower() for member in kind)


def test_words_of_different_lists_are_never_equal() -> None:
    active: list[Enum] = [enums.AccountStatusEnum.ACTIVE, enums.CardStatusEnum.ACTIVE, enums.HoldStatusEnum.ACTIVE]
    assert len(set(active)) == 3
