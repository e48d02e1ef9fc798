"""Uploads a file in a process of its own, so that it can be killed: URL, path, username."""

from __future__ import annotations

import sys
from pathlib import Path

from strongroom.kernel.engines import DatabaseOptions
from strongroom.systems.forecasting.imports import Choices, prepare_file, store_prepared
from strongroom.systems.forecasting.repositories import UserRepository
from strongroom.systems.forecasting.system import system
from strongroom.testing.databases import open_database

if __name__ == "__main__":
    url, path, username = sys.argv[1:]

    def say(stage: str, done: int, total: int | None) -> None:
        print(stage, done, flush=True)

    database = open_database(DatabaseOptions(url=url), [system])
    owner = database.read(lambda session: UserRepository(session).get_user_by_username(username))
    assert owner is not None
    prepared = prepare_file(Path(path), "series.csv", Choices(accept_detected=True), say)
    print(database.write(store_prepared, prepared, user_id=owner.id, progress=say).upload.row_count, flush=True)
