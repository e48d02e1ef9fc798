"""Claims about which state may follow which."""

from __future__ import annotations

from enum import Enum
from itertools import product

import pytest

from strongroom.systems.banking.errors import BusinessRuleViolation
from strongroom.systems.banking.rules import (
    LIFECYCLES,
    AccountStatusEnum,
    CardStatusEnum,
    HoldStatusEnum,
    KycStatusEnum,
    P2PStatusEnum,
    TransactionStatusEnum,
    TransferStatusEnum,
    UserStatusEnum,
    check_transition,
    is_final,
)

STATES: dict[str, type[Enum]] = {
    "account": AccountStatusEnum,
    "transaction": TransactionStatusEnum,
    "transfer": TransferStatusEnum,
    "p2p": P2PStatusEnum,
    "card": CardStatusEnum,
    "hold": HoldStatusEnum,
    "user": UserStatusEnum,
    "kyc": KycStatusEnum,
}

ALLOWED = {
    "account": "pending>active pending>closed active>inactive active>suspended active>closed inactive>active "
    "inactive>suspended inactive>closed suspended>active suspended>inactive suspended>closed",
    "transaction": "pending>processing pending>completed pending>failed pending>cancelled processing>completed "
    "processing>failed completed>reversed",
    "transfer": "pending>processing pending>cancelled processing>completed processing>failed completed>reversed",
    "p2p": "pending>completed pending>failed pending>cancelled pending>declined pending>expired completed>reversed",
    "card": "active>inactive active>blocked active>cancelled active>expired inactive>active inactive>cancelled "
    "blocked>active blocked>cancelled expired>cancelled",
    "hold": "active>captured active>released active>expired",
    "user": "pending>active pending>suspended pending>deactivated active>suspended active>deactivated "
    "suspended>active suspended>deactivated deactivated>active",
    "kyc": "not_started>in_progress not_started>pending_review not_started>suspended in_progress>pending_review "
    "in_progress>suspended pending_review>in_progress pending_review>approved pending_review>rejected "
    "pending_review>suspended approved>pending_review approved>expired approved>suspended rejected>in_progress "
    "expired>pending_review expired>suspended suspended>in_progress suspended>rejected",
}


@pytest.mark.parametrize("kind", STATES)
def test_exactly_the_listed_steps_are_allowed(kind: str) -> None:
    allowed = set(ALLOWED[kind].split())
    for old, new in product(STATES[kind], repeat=2):
        if f"{old.value}>{new.value}" in allowed:
            check_transition(kind, old, new)
        else:
            with pytest.raises(BusinessRuleViolation):
                check_transition(kind, old, new)


def test_every_state_of_every_noun_has_its_line() -> None:
    assert {kind: set(lifecycle) for kind, lifecycle in LIFECYCLES.items()} == {
        kind: set(states) for kind, states in STATES.items()
    }


def test_a_refused_step_names_both_states() -> None:
    with pytest.raises(BusinessRuleViolation) as refused:
        check_transition("card", CardStatusEnum.CANCELLED, CardStatusEnum.ACTIVE)
    assert str(refused.value) == "a card cannot go from cancelled to active"
    assert (refused.value.facts["old_state"], refused.value.facts["new_state"]) == ("cancelled", "active")


@pytest.mark.parametrize(
    ("kind", "final"),
    [
        ("account", {"closed"}),
        ("transaction", {"failed", "cancelled", "reversed"}),
        ("transfer", {"failed", "cancelled", "reversed"}),
        ("p2p", {"failed", "cancelled", "declined", "expired", "reversed"}),
        ("card", {"cancelled"}),
        ("hold", {"captured", "released", "expired"}),
        ("user", set()),
        ("kyc", set()),
    ],
)
def test_what_is_over_stays_over(kind: str, final: set[str]) -> None:
    assert {state.value for state in STATES[kind] if is_final(kind, state)} == final
