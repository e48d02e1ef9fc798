"""The plug of portfolio: all the building needs to know of this room."""

from __future__ import annotations

from pathlib import Path

from strongroom.kernel.system import System
from strongroom.systems.portfolio.checks import CHECKS
from strongroom.systems.portfolio.commands import commands
from strongroom.systems.portfolio.errors import CompanyAlreadyExists
from strongroom.systems.portfolio.migrations.objects import OBJECTS
from strongroom.systems.portfolio.models import SCHEMA, Base
from strongroom.systems.portfolio.options import PortfolioOptions
from strongroom.systems.portfolio.rules.alerts import AlertThresholds
from strongroom.systems.portfolio.samples import load_samples

__all__ = ["AlertThresholds", "PortfolioOptions", "system"]

system = System(
    name=SCHEMA,
    title="Portfolio",
    tables=Base.metadata,
    migrations=Path(__file__).parent / "migrations" / "versions",
    objects=OBJECTS,
    checks=CHECKS,
    errors_by_constraint={"uq_companies_name": CompanyAlreadyExists},
    load_samples=load_samples,
    routes="strongroom.systems.portfolio.routes:router",
    commands=commands,
)
