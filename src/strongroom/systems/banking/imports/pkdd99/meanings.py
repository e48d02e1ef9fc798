"""What the bank's three Czech codes of a transaction say together, in our words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType

from strongroom.systems.banking.imports.pkdd99.reading import BadField, Row
from strongroom.systems.banking.rules import (
    MerchantCategoryEnum,
    PaymentMethodEnum,
    TransactionDirectionEnum,
    TransactionTypeEnum,
)

IN, OUT = TransactionDirectionEnum.INBOUND, TransactionDirectionEnum.OUTBOUND
CASH, CARD = PaymentMethodEnum.CASH, PaymentMethodEnum.CARD
TRANSFER, OTHER = PaymentMethodEnum.BANK_TRANSFER, PaymentMethodEnum.OTHER
Type, Category = TransactionTypeEnum, MerchantCategoryEnum


@dataclass(frozen=True, slots=True)
class Meaning:
    """One kind of movement. ledger: the code of the bank's own account on its other side."""

    direction: TransactionDirectionEnum
    kind: TransactionTypeEnum
    ledger: str
    method: PaymentMethodEnum
    description: str
    category: MerchantCategoryEnum = Category.OTHER

    @property
    def is_outgoing(self) -> bool:
        """Whether the money left the bank, rather than became the bank's own."""
        return self.direction is OUT and self.ledger in ("cash", "settlement")


TYPES = {"PRIJEM": IN, "VYDAJ": OUT, "VYBER": OUT}
OPERATIONS: Mapping[str, Meaning | None] = MappingProxyType(
    {
        "VKLAD": Meaning(IN, Type.DEPOSIT, "cash", CASH, "Cash deposit"),
        "VYBER": Meaning(OUT, Type.WITHDRAWAL, "cash", CASH, "Cash withdrawal"),
        "VYBER KARTOU": Meaning(OUT, Type.ATM_WITHDRAWAL, "cash", CARD, "Card withdrawal"),
        "PREVOD Z UCTU": Meaning(IN, Type.TRANSFER_IN, "settlement", TRANSFER, "Transfer from another bank"),
        "PREVOD NA UCET": Meaning(OUT, Type.TRANSFER_OUT, "settlement", TRANSFER, "Transfer to another bank"),
        "": None,
    }
)
#: what the bank does of its own accord; the operation beside it, empty or a cash withdrawal, says nothing more
OWN_ACCORD: Mapping[str, Meaning] = MappingProxyType(
    {
        "UROK": Meaning(IN, Type.INTEREST, "interest_expense", OTHER, "Interest"),
        "SLUZBY": Meaning(OUT, Type.FEE, "fee_income", OTHER, "Statement fee", Category.BANK_FEE),
        "SANKC. UROK": Meaning(OUT, Type.FEE, "interest_income", OTHER, "Penalty interest", Category.BANK_FEE),
    }
)
#: what a customer's payment is for; how it is paid is said by the operation
PURPOSES: Mapping[str, tuple[TransactionDirectionEnum, TransactionTypeEnum, str, MerchantCategoryEnum]] = (
    MappingProxyType(
        {
            "SIPO": (OUT, Type.BILL_PAYMENT, "Household payment", Category.UTILITIES),
            "POJISTNE": (OUT, Type.BILL_PAYMENT, "Insurance payment", Category.INSURANCE),
            "LEASING": (OUT, Type.BILL_PAYMENT, "Leasing payment", Category.OTHER),
            "UVER": (OUT, Type.LOAN_PAYMENT, "Loan payment", Category.OTHER),
            "DUCHOD": (IN, Type.TRANSFER_IN, "Pension", Category.OTHER),
        }
    )
)
SYMBOLS = {symbol: symbol for symbol in ("", *OWN_ACCORD, *PURPOSES)}


def meaning_of(row: Row) -> Meaning:
    """What type, operation and k_symbol of a row say. Raises BadField when one is unknown or they disagree."""
    direction = row.code("type", TYPES)
    return _combined(direction, row.code("operation", OPERATIONS), row.code("k_symbol", SYMBOLS))


@cache
def _combined(direction: TransactionDirectionEnum, operation: Meaning | None, symbol: str) -> Meaning:
    if operation is not None and operation.direction is not direction:
        raise BadField("operation", f"a {operation.description.lower()} does not go with an {direction.value} type")
    if symbol in OWN_ACCORD:
        meaning = OWN_ACCORD[symbol]
    elif operation is None:
        raise BadField("operation", "only the bank's own interest and fees have none")
    elif symbol in PURPOSES:
        purpose_direction, kind, description, category = PURPOSES[symbol]
        meaning = replace(operation, direction=purpose_direction, kind=kind, description=description, category=category)
    else:
        meaning = operation
    if meaning.direction is not direction:
        raise BadField("k_symbol", f"{symbol} does not go with an {direction.value} type")
    return meaning
