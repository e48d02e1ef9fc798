"""How the constants below are written down: who published them and from which day on, said once for many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from strongroom.systems.export_readiness.rules.reference_rates import Constant


@dataclass(frozen=True, slots=True)
class Publication:
    """Who says so, and from which day on it holds."""

    source: str
    valid_from: date

    def numbers(self, calculator: str, unit: str, values: Mapping[str, str], /) -> tuple[Constant, ...]:
        """Constants that are one number each, by name."""
        return tuple(
            Constant(calculator, name, Decimal(value), unit, self.source, self.valid_from)
            for name, value in values.items()
        )

    def table(self, calculator: str, name: str, unit: str, /, **details: Any) -> Constant:
        """A constant that is a list or a table, ready for JSON."""
        return Constant(calculator, name, None, unit, self.source, self.valid_from, details)

    def bands(self, calculator: str, name: str, unit: str, kind: str, steps: Mapping[str, str], /) -> Constant:
        """What a value gets by the threshold it passes: `from` reaches it, `above` exceeds it, `below` stays under."""
        return self.table(calculator, name, unit, **{kind: dict(steps)})

    def noting(self, remark: str) -> Publication:
        """The same with a remark: what of it does not hold everywhere, or has to be compared with the original."""
        return replace(self, source=f"{self.source}; {remark}")


#: experience put into numbers; replace any of them with what your own shipments show
ESTIMATE = Publication("estimate of this program, for planning only", date(2021, 1, 1))
