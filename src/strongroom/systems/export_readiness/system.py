"""The plug of export readiness: all the building needs to know of this room."""

from __future__ import annotations

from pathlib import Path

from strongroom.kernel.system import System
from strongroom.systems.export_readiness.checks import CHECKS
from strongroom.systems.export_readiness.commands import commands
from strongroom.systems.export_readiness.errors import ExporterAlreadyExists, ReferenceRateAlreadyExists
from strongroom.systems.export_readiness.migrations.objects import OBJECTS
from strongroom.systems.export_readiness.models import SCHEMA, Base
from strongroom.systems.export_readiness.options import ExportReadinessOptions
from strongroom.systems.export_readiness.samples import load_samples

__all__ = ["ExportReadinessOptions", "system"]

system = System(
    name=SCHEMA,
    title="Export readiness",
    tables=Base.metadata,
    migrations=Path(__file__).parent / "migrations" / "versions",
    objects=OBJECTS,
    checks=CHECKS,
    errors_by_constraint={
        "uq_users_email": ExporterAlreadyExists,
        "uq_reference_rates_calculator_name_valid_from": ReferenceRateAlreadyExists,
    },
    load_samples=load_samples,
    routes="strongroom.systems.export_readiness.routes:router",
    commands=commands,
)
