"""The constants that ship with the program, as calculators see them on one day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from strongroom.systems.export_readiness.rules import Constant, Rates
from strongroom.systems.export_readiness.rules.constants import CONSTANTS

DAY = date(2026, 7, 1)
RATES = Rates.on(DAY, CONSTANTS)


def with_constant(calculator: str, name: str, value: str) -> Rates:
    """The same constants but for one."""
    changed = Constant(calculator, name, Decimal(value), "unit", "a test", DAY)
    return Rates.on(DAY, CONSTANTS, [changed])
