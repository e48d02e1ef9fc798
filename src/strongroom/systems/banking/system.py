"""The plug of banking: all the building needs to know of this room."""

from __future__ import annotations

from pathlib import Path

from strongroom.kernel.system import System
from strongroom.systems.banking.checks import CHECKS
from strongroom.systems.banking.errors import EmailAlreadyExists
from strongroom.systems.banking.migrations.objects import OBJECTS
from strongroom.systems.banking.models import SCHEMA, Base

system = System(
    name=SCHEMA,
    title="Banking",
    tables=Base.metadata,
    migrations=Path(__file__).parent / "migrations" / "versions",
    objects=OBJECTS,
    checks=CHECKS,
    errors_by_constraint={"uq_users_email": EmailAlreadyExists},
    load_samples=lambda session: {},
    routes=None,
)
