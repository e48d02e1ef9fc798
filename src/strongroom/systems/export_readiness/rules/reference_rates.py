"""Published constants with their dates: which of them are in force on a day, and what they say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Any

from strongroom.systems.export_readiness.errors import ReferenceRateMissing

CALCULATOR_MAX, NAME_MAX, UNIT_MAX = 50, 100, 30


@dataclass(frozen=True, slots=True)
class Constant:
    """One constant of one calculator from a day on: a rate, a threshold, a price, a table.

    value: None where `details`, ready for JSON, says it all. unit: of the value ("percent", "INR", "days").
    source: who published it, and where.
    """

    calculator: str
    name: str
    value: Decimal | None
    unit: str
    source: str
    valid_from: date
    details: Mapping[str, Any] = field(default_factory=dict)


class Rates:
    """The constants that are in force on one day: of each the newest that has begun by then."""

    def __init__(self, day: date, constants: Iterable[Constant]) -> None:
        """constants: of one name and day the last one counts."""
        self.day = day
        self._found: dict[tuple[str, str], Constant] = {}
        for constant in constants:
            key = (constant.calculator, constant.name)
            known = self._found.get(key)
            if constant.valid_from <= day and (known is None or known.valid_from <= constant.valid_from):
                self._found[key] = constant

    @classmethod
    def on(cls, day: date, *layers: Iterable[Constant]) -> Rates:
        """Each layer stands in front of the one before: what a later one says of a name holds, whatever its date."""
        found: dict[tuple[str, str], Constant] = {}
        for layer in layers:
            found |= cls(day, layer)._found
        return cls(day, found.values())

    def get(self, calculator: str, name: str) -> Constant:
        """Raises ReferenceRateMissing."""
        found = self._found.get((calculator, name))
        if found is None:
            raise ReferenceRateMissing(calculator=calculator, name=name, day=self.day)
        return found

    def value(self, calculator: str, name: str) -> Decimal:
        """The number. Raises ReferenceRateMissing, also for a constant that is no number."""
        found = self.find(calculator, name)
        if found is None:
            raise ReferenceRateMissing(calculator=calculator, name=name, day=self.day)
        return found

    def find(self, calculator: str, name: str) -> Decimal | None:
        """The number, or None."""
        found = self._found.get((calculator, name))
        return found.value if found else None

    def details(self, calculator: str, name: str) -> Mapping[str, Any]:
        """What it says beside its number. Raises ReferenceRateMissing."""
        return self.get(calculator, name).details

    def names(self, calculator: str) -> tuple[str, ...]:
        """Of every constant of a calculator, sorted."""
        return tuple(sorted(self.of(calculator)))

    def of(self, calculator: str) -> Mapping[str, Constant]:
        """Every constant of a calculator, by name."""
        return self._by_calculator.get(calculator, MappingProxyType({}))

    def longest_prefix(self, calculator: str, code: str) -> Constant | None:
        """The constant whose name is the longest beginning of the code, as rates of headings have it; or None."""
        of = self.of(calculator)
        return next((of[code[:length]] for length in range(len(code), 0, -1) if code[:length] in of), None)

    def all(self) -> tuple[Constant, ...]:
        """Every constant, by calculator and name."""
        return tuple(constant for _, constant in sorted(self._found.items()))

    @cached_property
    def _by_calculator(self) -> Mapping[str, Mapping[str, Constant]]:
        grouped: dict[str, dict[str, Constant]] = {}
        for (calculator, name), constant in self._found.items():
            grouped.setdefault(calculator, {})[name] = constant
        return grouped
