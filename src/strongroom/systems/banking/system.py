"""The plug of banking: all the building needs to know of this room."""

from __future__ import annotations

from pathlib import Path

from strongroom.kernel.system import System
from strongroom.systems.banking.checks import CHECKS
from strongroom.systems.banking.commands import commands
from strongroom.systems.banking.errors import AccountNotFound, AlreadyReversed, EmailAlreadyExists, MovesByPostingOnly
from strongroom.systems.banking.migrations.objects import OBJECTS
from strongroom.systems.banking.models import SCHEMA, Base
from strongroom.systems.banking.options import BankingOptions
from strongroom.systems.banking.rules import TransferLimits
from strongroom.systems.banking.samples import load_samples

__all__ = ["BankingOptions", "TransferLimits", "system"]

system = System(
    name=SCHEMA,
    title="Banking",
    tables=Base.metadata,
    migrations=Path(__file__).parent / "migrations" / "versions",
    objects=OBJECTS,
    checks=CHECKS,
    errors_by_constraint={
        "uq_users_email": EmailAlreadyExists,
        "uq_journal_entries_reverses": AlreadyReversed,
        "posting_account": AccountNotFound,
        "posting_only": MovesByPostingOnly,
    },
    load_samples=load_samples,
    routes="strongroom.systems.banking.routes:router",
    commands=commands,
)
