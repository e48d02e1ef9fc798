"""Constants that remember which of them were looked up, so that a result can name what it was made of."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from strongroom.systems.export_readiness.rules.amounts import as_text
from strongroom.systems.export_readiness.rules.reference_rates import Constant, Rates

ResultT = TypeVar("ResultT")


def noted(rates: Rates, calculate: Callable[[Rates], ResultT]) -> tuple[ResultT, dict[str, Any]]:
    """What the calculation finds and, ready for JSON, the day it holds for and every constant that it used."""
    watched = NotedRates(rates)
    found = calculate(watched)
    used = [
        {
            "calculator": constant.calculator,
            "name": constant.name,
            "value": None if constant.value is None else as_text(constant.value),
            "unit": constant.unit,
            "valid_from": constant.valid_from.isoformat(),
        }
        for constant in watched.used
    ]
    return found, {"as_of": rates.day.isoformat(), "rates": used}


class NotedRates(Rates):
    """The same constants; `used` has those that a calculator has asked for one by one, by calculator and name."""

    def __init__(self, rates: Rates) -> None:
        super().__init__(rates.day, rates.all())
        self._used: dict[tuple[str, str], Constant] = {}

    @property
    def used(self) -> tuple[Constant, ...]:
        """In the order of calculator and name."""
        return tuple(constant for _, constant in sorted(self._used.items(), key=lambda item: item[0]))

    def get(self, calculator: str, name: str) -> Constant:
        """Raises ReferenceRateMissing."""
        return self._note(super().get(calculator, name))

    def find(self, calculator: str, name: str) -> Decimal | None:
        """The number, or None."""
        found = self.of(calculator).get(name)
        return None if found is None else self._note(found).value

    def longest_prefix(self, calculator: str, code: str) -> Constant | None:
        """The constant whose name is the longest beginning of the code; None if there is none."""
        found = super().longest_prefix(calculator, code)
        return None if found is None else self._note(found)

    def _note(self, constant: Constant) -> Constant:
        self._used[constant.calculator, constant.name] = constant
        return constant
