"""Claims about who decides on a payment between users."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest

from strongroom.systems.banking.errors import BusinessRuleViolation
from strongroom.systems.banking.rules import P2PKindEnum, check_may_decide
from strongroom.systems.banking.rules.p2p import Decision, Party

ALLOWED = {
    (P2PKindEnum.SEND, "cancel", "payer"),
    (P2PKindEnum.SEND, "accept", "payee"),
    (P2PKindEnum.SEND, "decline", "payee"),
    (P2PKindEnum.REQUEST, "cancel", "payee"),
    (P2PKindEnum.REQUEST, "accept", "payer"),
    (P2PKindEnum.REQUEST, "decline", "payer"),
}


@pytest.mark.parametrize(("kind", "decision", "party"), list(product(P2PKindEnum, get_args(Decision), get_args(Party))))
def test_who_began_cancels_and_the_other_one_answers(kind: P2PKindEnum, decision: Decision, party: Party) -> None:
    if (kind, decision, party) in ALLOWED:
        check_may_decide(kind, decision, party)
    else:
        with pytest.raises(BusinessRuleViolation, match=f"may {decision} this"):
            check_may_decide(kind, decision, party)
