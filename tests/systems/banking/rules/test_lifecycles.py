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
    P2PStatusEnum,
    TransactionStatusEnum,
    TransferStatusEnum,
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
    ],
)
def test_what_is_over_stays_over(kind: str, final: set[str]) -> None:
    assert {state.value for state in STATES[kind] if is_final(kind, state)} == final
