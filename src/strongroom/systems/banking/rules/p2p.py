"""Payments between users: who may decide what, and for how long."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Literal

from strongroom.systems.banking.errors import BusinessRuleViolation
from strongroom.systems.banking.rules.enums import P2PKindEnum

Decision = Literal["accept", "decline", "cancel"]
Party = Literal["payer", "payee"]

P2P_REQUEST_VALID_FOR = timedelta(days=30)
P2P_QUOTE_VALID_FOR = timedelta(minutes=15)

#: Who began it may cancel; the other one accepts or declines.
_DECIDES: Mapping[tuple[P2PKindEnum, Decision], Party] = MappingProxyType(
    {
        (P2PKindEnum.SEND, "cancel"): "payer",
        (P2PKindEnum.SEND, "accept"): "payee",
        (P2PKindEnum.SEND, "decline"): "payee",
        (P2PKindEnum.REQUEST, "cancel"): "payee",
        (P2PKindEnum.REQUEST, "accept"): "payer",
        (P2PKindEnum.REQUEST, "decline"): "payer",
    }
)


def check_may_decide(kind: P2PKindEnum, decision: Decision, party: Party) -> None:
    """Refuse a decision that is the other one's to make. Raises BusinessRuleViolation."""
    if _DECIDES[kind, decision] != party:
        reason = f"only the {_DECIDES[kind, decision]} may {decision} this"
        raise BusinessRuleViolation(rule=f"p2p_{decision}", reason=reason)
