"""Which systems there are: the one list of their names."""

from __future__ import annotations

from strongroom.kernel.system import System
from strongroom.systems.banking.system import system as banking
from strongroom.systems.biotech.system import system as biotech
from strongroom.systems.export_readiness.system import system as export_readiness
from strongroom.systems.forecasting.system import system as forecasting
from strongroom.systems.portfolio.system import system as portfolio

SYSTEMS: tuple[System, ...] = (banking, portfolio, biotech, forecasting, export_readiness)
