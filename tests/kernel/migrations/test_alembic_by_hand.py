"""Alembic's own command line works with the alembic.ini we ship, for those who know it by heart."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic.config import CommandLine, Config

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.migrations import find_drift
from strongroom.operations.schema import find_position
from strongroom.systems.banking.system import system as banking
from strongroom.testing.databases import ThrowAwayServer
from tests.kernel.attic.watching import connect_plainly

Alembic = Callable[..., str]
REPOSITORY = Path(__file__).parents[3]
REVISIONS = "strongroom.systems.banking.migrations:versions"


@pytest.fixture
def options(postgresql_server: ThrowAwayServer) -> Iterator[DatabaseOptions]:
    options = postgresql_server.create_database()
    yield options
    postgresql_server.drop_database(options)


@pytest.fixture
def alembic(options: DatabaseOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Alembic:
    """`alembic -n banking …` with a copy of alembic.ini, whose new revisions go to a folder of their own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", options.url)
    monkeypatch.setenv("ENVIRONMENT", "testing")
    versions = tmp_path / "versions"
    versions.mkdir()
    for file in banking.migrations.glob("banking_*.py"):
        (versions / file.name).write_text(file.read_text())
    shipped = (REPOSITORY / "alembic.ini").read_text()
    assert shipped.count(REVISIONS) == 2
    (tmp_path / "alembic.ini").write_text(shipped.replace(REVISIONS, str(versions)))

    def run(*arguments: str) -> str:
        line = CommandLine()
        parsed = line.parser.parse_args(["-n", "banking", *arguments])
        output = io.StringIO()
        config = Config("alembic.ini", ini_section="banking", cmd_opts=parsed, stdout=output, output_buffer=output)
        line.run_cmd(config, parsed)
        return output.getvalue()

    return run


def test_the_schema_goes_up_and_down_by_hand(alembic: Alembic, options: DatabaseOptions) -> None:
    newest = find_position(banking, options).newest
    assert newest is not None
    assert newest not in alembic("current")
    alembic("upgrade", "head")
    assert find_drift(banking, options) == []
    assert f"{newest} (head)" in alembic("current")
    assert "<base> -> banking_0001" in alembic("history")
    alembic("downgrade", "-1")
    assert find_position(banking, options).current != newest


def test_a_revision_by_hand_is_numbered_and_empty_when_nothing_changed(alembic: Alembic, tmp_path: Path) -> None:
    alembic("upgrade", "head")
    before = set((tmp_path / "versions").glob("*.py"))
    alembic("revision", "--autogenerate", "-m", "change nothing")
    [written] = set((tmp_path / "versions").glob("*.py")) - before
    assert written.name == f"banking_{len(before) + 1:04}_change_nothing.py"
    code = written.read_text()
    assert "op." not in code.partition("def upgrade")[2]
    alembic("upgrade", "head")
    alembic("check")


def test_the_upgrade_as_text_by_hand_makes_the_same_database(alembic: Alembic, options: DatabaseOptions) -> None:
    script = alembic("upgrade", "head", "--sql")
    with connect_plainly(options) as connection:
        connection.execute(script.encode())
    assert find_drift(banking, options) == []
    assert find_position(banking, options).is_newest


def test_the_shipped_file_works_as_it_is_from_a_shell(options: DatabaseOptions) -> None:
    environment = {**os.environ, "DATABASE_URL": options.url, "ENVIRONMENT": "testing"}
    command = [sys.executable, "-m", "alembic", "-n", "banking", "upgrade", "head"]
    subprocess.run(command, cwd=REPOSITORY, env=environment, check=True, capture_output=True, timeout=60)
    assert find_drift(banking, options) == []
