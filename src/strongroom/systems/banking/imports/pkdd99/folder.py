"""Imports the whole folder, file by file: each is one transaction, stored entirely or not at all."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from strongroom.kernel.sessions import Database
from strongroom.systems.banking.errors import ImportRefused
from strongroom.systems.banking.imports.pkdd99.accounts import load_accounts, load_delegates
from strongroom.systems.banking.imports.pkdd99.cards import load_cards
from strongroom.systems.banking.imports.pkdd99.clients import load_clients
from strongroom.systems.banking.imports.pkdd99.movements import load_movements
from strongroom.systems.banking.imports.pkdd99.orders import load_orders
from strongroom.systems.banking.imports.pkdd99.reading import Progress, silent

#: what reads each file, in the order in which one needs the other
LOADERS = MappingProxyType(
    {
        "client.asc": load_clients,
        "account.asc": load_accounts,
        "disp.asc": load_delegates,
        "card.asc": load_cards,
        "order.asc": load_orders,
        "trans.asc": load_movements,
    }
)
#: what is left out, and why
NOT_IMPORTED: Mapping[str, str] = MappingProxyType(
    {
        "loan.asc": "banking keeps no loans; their payments are among the transactions",
        "district.asc": "banking keeps no statistics of districts",
    }
)


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one file. rows: read; added: rows of ours that were not there before."""

    file: str
    rows: int
    added: int
    seconds: float


def import_folder(database: Database, folder: Path, progress: Progress = silent) -> list[Imported]:
    """Import every file, in order. Rows that are there already are left alone, so it is safe to repeat.

    Raises ImportRefused at the first file with a problem; the files before it are stored by then.
    """
    missing = [name for name in LOADERS if not (folder / name).is_file()]
    if missing:
        problems = tuple(f"{name}: is missing" for name in missing)
        raise ImportRefused(file=str(folder), count=len(missing), first=problems[0], problems=problems)
    results = []
    for name, load in LOADERS.items():
        started = time.perf_counter()
        loaded = database.write(load, folder, progress)
        results.append(Imported(name, loaded.rows, loaded.added, time.perf_counter() - started))
    return results
