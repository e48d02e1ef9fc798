"""Refusals that are outcomes: 'no' to this request for ever, stored with its idempotency key."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from strongroom.kernel.errors import Refused, StrongroomError

P = ParamSpec("P")
T = TypeVar("T")


def keeps_refusals(action: Callable[P, T]) -> Callable[P, T]:
    """Mark an action that stores its outcome before it raises Refused, so that the unit of work commits both.

    Only when the marked function is the whole action: inside a larger one a refusal rolls everything back, since
    the caller's other writes must not survive half of its intention.
    """
    action.keeps_refusals = True  # type: ignore[attr-defined]  # functions take attributes; typing has no word for it
    return action


def is_kept(action: object, error: StrongroomError) -> bool:
    """Whether what this action wrote before the error is its outcome and must be committed."""
    return isinstance(error, Refused) and getattr(action, "keeps_refusals", False)
