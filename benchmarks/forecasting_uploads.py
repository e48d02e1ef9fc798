"""How long a file of a million rows takes to be stored, and how much memory that takes.

    python benchmarks/forecasting_uploads.py                  # a million rows
    python benchmarks/forecasting_uploads.py --rows 100000

It starts a throw-away PostgreSQL and prints what it measured. Memory is the peak of the whole process.
"""

from __future__ import annotations

import resource
from argparse import ArgumentParser
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from sqlalchemy.orm import Session

from strongroom.systems.forecasting.imports import Choices, patient, prepare_file, store_prepared
from strongroom.systems.forecasting.models import User
from strongroom.systems.forecasting.repositories import UserRepository
from strongroom.systems.forecasting.system import system
from strongroom.testing.databases import ThrowAwayServer, opened

FIRST = datetime(2000, 1, 1, tzinfo=UTC)


def main() -> None:
    parser = ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with TemporaryDirectory() as folder, ThrowAwayServer() as server:
        path = Path(folder) / "series.csv"
        write(path, rows)
        with opened(server.create_database((system,)), (system,)) as database, patient(database) as unhurried:
            owner = database.write(add_user).id
            say("begun", 0.0)
            began = perf_counter()
            prepared = prepare_file(path, path.name, Choices(accept_detected=True))
            say("detected and read", perf_counter() - began)
            began = perf_counter()
            done = unhurried.write(store_prepared, prepared, user_id=owner)
            say(f"{done.upload.row_count:,} points stored", perf_counter() - began)


def write(path: Path, rows: int) -> None:
    """A value a minute."""
    with path.open("w", encoding="utf-8") as stream:
        stream.write("timestamp,revenue\n")
        for number in range(rows):
            stream.write(f"{FIRST + timedelta(minutes=number):%Y-%m-%dT%H:%M:%S},{1000 + number % 997}.25\n")


def add_user(session: Session) -> User:
    return UserRepository(session).add(User(username="ada", email="ada@example.com", hashed_password="-"))  # noqa: S106


def say(what: str, seconds: float) -> None:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what:32} {seconds:6.1f} s   {memory:5.0f} MB at the most", flush=True)


if __name__ == "__main__":
    main()
