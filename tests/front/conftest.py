"""A folder to stand in and a clean environment, as somebody has who meets the project for the first time."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from strongroom.cli import main
from strongroom.settings.names import FIELD_BY_NAME


class Answer(NamedTuple):
    """What a command said and how it ended."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def front_folders() -> Iterator[Path]:
    """Where this worker keeps its folders: in memory where there is some, and open to whom root steps down to."""
    memory = Path("/dev/shm")
    place = Path(tempfile.mkdtemp(prefix="front-", dir=memory if memory.is_dir() else None))
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


@pytest.fixture
def folder(front_folders: Path) -> Path:
    """An empty working directory."""
    folder = Path(tempfile.mkdtemp(dir=front_folders))
    folder.chmod(0o755)
    return folder


@pytest.fixture(scope="session")
def environment() -> dict[str, str]:
    """The environment without any setting of ours."""
    return {name: value for name, value in os.environ.items() if name not in FIELD_BY_NAME}


@pytest.fixture
def production() -> dict[str, str]:
    """What production demands, for a database that is nowhere."""
    keys = {name: "k" * 40 for name in ("SECRET_KEY", "BANKING_CARD_KEY", "BIOTECH_WEBHOOK_KEY")}
    return {"ENVIRONMENT": "production", "DATABASE_URL": "postgresql://bank@db.example/bank", **keys}


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def strongroom(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., Answer]]:
    """The command line, as its executable runs it: `strongroom("schema", "current", DATABASE_URL=…)`.

    It stands in the empty folder, on a SQLite file there unless told otherwise.
    """
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    monkeypatch.chdir(folder)
    for name in FIELD_BY_NAME:
        monkeypatch.delenv(name, raising=False)

    def run(*words: str, **settings: str) -> Answer:
        with monkeypatch.context() as patch:
            for name, value in {"DATABASE_URL": "sqlite:///front.db", **settings}.items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["strongroom", *words])
            try:
                main.run()
                code = 0
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else int(end.code is not None)
        return Answer(code, *capsys.readouterr())

    yield run
    for number, handler in handlers.items():
        signal.signal(number, handler)
