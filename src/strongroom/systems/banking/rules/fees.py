"""What the bank charges, as tables: one line a price, rounded once, a half up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from strongroom.kernel.values import WIDE, round_amount
from strongroom.systems.banking.rules.enums import KycLevelEnum, TransferKindEnum, UserRoleEnum

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Charge:
    """A flat part and a share of the amount, kept between `least` and `most`.

    flat, least, most: in units of the currency charged; most None is no cap. share: a fraction, 0.01 is one
    per cent.
    """

    flat: Decimal = ZERO
    share: Decimal = ZERO
    least: Decimal = ZERO
    most: Decimal | None = None

    def on(self, amount: Decimal, currency: str) -> Decimal:
        """The charge on an amount, with the decimals of its currency."""
        charge = max(WIDE.add(self.flat, WIDE.multiply(self.share, amount)), self.least)
        return round_amount(charge if self.most is None else min(charge, self.most), currency)


FREE = Charge()

TRANSFER_CHARGES: Mapping[TransferKindEnum, Charge] = MappingProxyType(
    {
        TransferKindEnum.INTERNAL: FREE,
        TransferKindEnum.DOMESTIC: Charge(flat=Decimal("0.50"), share=Decimal("0.001"), most=Decimal(10)),
        TransferKindEnum.INTERNATIONAL: Charge(flat=Decimal(5), share=Decimal("0.015"), most=Decimal(50)),
        TransferKindEnum.INSTANT: Charge(flat=Decimal("1.50"), share=Decimal("0.0025"), most=Decimal(15)),
        TransferKindEnum.ACH: Charge(share=Decimal("0.0005"), most=Decimal(5)),
        TransferKindEnum.WIRE: Charge(flat=Decimal(15), share=Decimal("0.001"), most=Decimal(25)),
    }
)
FREE_FOR_PREMIUM = frozenset({TransferKindEnum.DOMESTIC, TransferKindEnum.ACH})

#: Each price holds for amounts up to and including its bound; None is no bound.
P2P_CHARGES: tuple[tuple[Decimal | None, Charge], ...] = (
    (Decimal(100), FREE),
    (Decimal(1000), Charge(flat=Decimal("0.50"))),
    (None, Charge(share=Decimal("0.005"))),
)

EXCHANGE_CHARGE = Charge(share=Decimal("0.01"))
EXCHANGE_CHARGE_PREMIUM = Charge(share=Decimal("0.005"))

INVESTMENT_CHARGE = Charge(share=Decimal("0.0075"), least=Decimal(1), most=Decimal(20))
INVESTMENT_CHARGE_BASIC = Charge(share=Decimal("0.01"), least=Decimal(1), most=Decimal(20))
INVESTMENT_CHARGE_PREMIUM = Charge(share=Decimal("0.005"), least=Decimal(1), most=Decimal(20))


def transfer_fee(kind: TransferKindEnum, amount: Decimal, currency: str, role: UserRoleEnum) -> Decimal:
    """What a transfer of this kind costs its sender, on top of the amount."""
    is_waived = role is UserRoleEnum.PREMIUM and kind in FREE_FOR_PREMIUM
    return (FREE if is_waived else TRANSFER_CHARGES[kind]).on(amount, currency)


def p2p_fee(amount: Decimal, currency: str) -> Decimal:
    """What a payment from user to user costs its sender, on top of the amount."""
    return next(charge for bound, charge in P2P_CHARGES if bound is None or amount <= bound).on(amount, currency)


def fx_fee(amount: Decimal, currency: str, role: UserRoleEnum) -> Decimal:
    """What changing an amount into another currency costs, in the currency given."""
    return (EXCHANGE_CHARGE_PREMIUM if role is UserRoleEnum.PREMIUM else EXCHANGE_CHARGE).on(amount, currency)


def investment_fee(
    amount: Decimal, currency: str, role: UserRoleEnum, level: KycLevelEnum = KycLevelEnum.STANDARD
) -> Decimal:
    """What buying or selling for an amount costs: least for premium users, most at the basic KYC level."""
    if role is UserRoleEnum.PREMIUM:
        return INVESTMENT_CHARGE_PREMIUM.on(amount, currency)
    return (INVESTMENT_CHARGE_BASIC if level is KycLevelEnum.BASIC else INVESTMENT_CHARGE).on(amount, currency)
