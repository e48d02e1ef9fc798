"""What a value gets by the highest threshold it passes; thresholds are constants like any other."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType

from strongroom.systems.export_readiness.rules.reference_rates import Rates

_Passes = Callable[[Decimal | int, Decimal], bool]
_Best = Callable[[Iterable[Decimal]], Decimal]
_KINDS: Mapping[str, tuple[_Passes, _Best]] = MappingProxyType(
    {"from": (operator.ge, max), "above": (operator.gt, max), "below": (operator.lt, min)}
)


def band(rates: Rates, calculator: str, name: str, value: Decimal | int) -> str | None:
    """What the constant gives the value, None when it passes no threshold. Raises ReferenceRateMissing.

    Its details hold one of: `from`, the highest threshold that is reached; `above`, the highest that is exceeded;
    `below`, the lowest that the value stays under.
    """
    details = rates.details(calculator, name)
    for kind, (is_passed, best) in _KINDS.items():
        steps = {Decimal(limit): result for limit, result in details.get(kind, {}).items()}
        if passed := [limit for limit in steps if is_passed(value, limit)]:
            return str(steps[best(passed)])
    return None


def number_band(rates: Rates, calculator: str, name: str, value: Decimal | int) -> Decimal:
    """The same for what is a number; 0 when the value passes no threshold."""
    return Decimal(band(rates, calculator, name, value) or 0)
