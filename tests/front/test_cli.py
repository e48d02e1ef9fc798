"""The words a person types: each teaches when asked, does what it says, and fails in one line."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import typer

from strongroom import assembly
from strongroom.cli.main import app

Strongroom = Callable[..., Any]

UNREACHABLE = "postgresql://somebody:hunter2@127.0.0.1:1/bank"
NEWEST = r"banking_\d{4}"
HISTORIES = [*(system.name for system in assembly.SYSTEMS), "jobs"]


def find_commands(command: Any, *words: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Each command with the words that lead to it, groups included."""
    yield words, command
    for name, part in getattr(command, "commands", {}).items():
        yield from find_commands(part, *words, name)


COMMANDS = dict(find_commands(typer.main.get_command(app)))


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_teaches(words: tuple[str, ...], strongroom: Strongroom) -> None:
    answer = strongroom(*words, "--help")
    assert answer.code == 0
    [sentence] = re.findall(r"^ ([A-Z].{15,})$", answer.out.partition("Usage")[2], re.MULTILINE)[:1]
    assert sentence.strip()


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_option_and_argument_says_what_it_is_for(words: tuple[str, ...]) -> None:
    silent = [part.name for part in COMMANDS[words].params if not getattr(part, "help", None)]
    assert silent == []


def test_help_is_there_even_while_the_settings_are_wrong(strongroom: Strongroom) -> None:
    assert strongroom("schema", "--help", STRONGROOM_PROT="1").code == 0
    assert strongroom("schema", "current", STRONGROOM_PROT="1").code == 1


def test_a_schema_goes_up_says_where_it_is_and_comes_down(strongroom: Strongroom) -> None:
    before = strongroom("schema", "current").out.splitlines()
    assert [line.replace(name, "X") for name, line in zip(HISTORIES, before, strict=True)] == [
        f"X: database at nothing, code at X_{line[-4:]}" for line in before
    ]
    raised = strongroom("schema", "upgrade").err.splitlines()
    for name, line in zip(HISTORIES, raised, strict=True):
        assert re.fullmatch(rf"✓ {name} at {name}_\d{{4}} \d+\.\d s", line)
    for name, line in zip(HISTORIES, strongroom("schema", "current").out.splitlines(), strict=True):
        assert re.fullmatch(rf"{name}: database at ({name}_\d{{4}}), code at \1", line)
    assert strongroom("schema", "check").err == "✓ the database is what the code says\n"
    lowered = strongroom("schema", "downgrade", "base").err.splitlines()
    for name, line in zip(HISTORIES, lowered, strict=True):
        assert re.fullmatch(rf"✓ {name} at nothing .*", line)


def test_one_step_back_is_said_as_a_number(strongroom: Strongroom) -> None:
    strongroom("schema", "upgrade", "head", "--system", "banking")
    assert strongroom("schema", "downgrade", "-1", "--system", "banking").code == 0
    assert strongroom("schema", "upgrade", "+1", "--system", "banking").code == 0


def test_the_history_has_a_line_for_each_revision_with_its_sentence(strongroom: Strongroom) -> None:
    lines = strongroom("schema", "history").out.splitlines()
    assert {line.rpartition("_")[0] for line in (line.split()[0] for line in lines)} == set(HISTORIES)
    assert [line for line in lines if not re.fullmatch(r"[a-z_]+_\d{4}  \S.{10,}", line)] == []


def test_a_schema_that_is_behind_is_told_with_the_way_out(strongroom: Strongroom) -> None:
    answer = strongroom("schema", "check")
    assert answer.code == 1
    for name, line in zip(HISTORIES, answer.out.splitlines(), strict=True):
        assert re.fullmatch(f"{name}: database at nothing, .*; run `strongroom schema upgrade`", line)


def test_a_difference_between_database_and_code_is_listed(strongroom: Strongroom, folder: Path) -> None:
    strongroom("schema", "upgrade")
    with closing(sqlite3.connect(folder / "front-banking.db")) as connection:
        connection.execute("DROP INDEX ix_accounts_user_id")
    answer = strongroom("schema", "check")
    assert answer.code == 1
    assert answer.out == "banking: add index: ix_accounts_user_id on banking.accounts\n"


def test_the_database_is_set_up_filled_checked_and_emptied(strongroom: Strongroom) -> None:
    assert strongroom("database", "init").code == 0
    assert re.search(r"Sample data: [1-9]\d* rows added", strongroom("database", "sample").err)
    assert re.search(r"Sample data: 0 rows added", strongroom("database", "sample").err)
    checked = strongroom("check")
    assert checked.code == 0
    assert "✓" in checked.err
    assert "✗" not in checked.err
    assert strongroom("database", "reset", "--yes").code == 0
    assert re.search(r"Sample data: [1-9]\d* rows added", strongroom("database", "sample").err)


def test_a_healthy_database_shows_its_version_and_pool(strongroom: Strongroom) -> None:
    answer = strongroom("database", "check")
    assert answer.code == 0
    facts = dict(line.split(": ", 1) for line in answer.out.splitlines())
    assert facts.keys() == {"database_url", "database_version", "pool_info", "connection_healthy"}
    assert facts["database_version"].startswith("SQLite 3")


def test_emptying_asks_first(strongroom: Strongroom, monkeypatch: pytest.MonkeyPatch) -> None:
    strongroom("database", "sample")
    with open(os.devnull, encoding="utf-8") as nobody:
        monkeypatch.setattr(sys, "stdin", nobody)
        refused = strongroom("database", "reset")
    assert refused.code == 1
    assert "Remove everything in sqlite:///front.db?" in refused.out + refused.err
    assert re.search(r"Sample data: 0 rows added", strongroom("database", "sample").err)


@pytest.mark.parametrize(
    "words", [("database", "reset", "--yes"), ("database", "sample"), ("schema", "downgrade", "base")], ids=" ".join
)
def test_production_is_never_emptied_nor_filled_with_samples(
    strongroom: Strongroom, production: dict[str, str], words: tuple[str, ...]
) -> None:
    answer = strongroom(*words, **production)
    assert answer.code == 1
    assert re.fullmatch("CONFIGURATION_ERROR ENVIRONMENT: is production; .*\n", answer.err)


@pytest.mark.parametrize(
    "words",
    [
        ("serve",),
        ("check",),
        ("schema", "upgrade"),
        ("schema", "downgrade"),
        ("schema", "current"),
        ("schema", "check"),
        ("schema", "revision", "-m", "More"),
        ("database", "check"),
        ("database", "init"),
        ("database", "sample"),
        ("database", "reset", "--yes"),
    ],
    ids=" ".join,
)
def test_a_database_that_cannot_be_reached_is_told_in_one_line(strongroom: Strongroom, words: tuple[str, ...]) -> None:
    answer = strongroom(*words, DATABASE_URL=UNREACHABLE)
    assert answer.code == 1
    assert answer.out == ""
    assert re.fullmatch("DATABASE_UNAVAILABLE the database cannot be reached; .*\n", answer.err), answer.err


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("schema", "upgrade", "banking_9999"), "VALIDATION_ERROR revision: 'banking_9999' cannot be reached .*"),
        (("schema", "downgrade", "-7"), "VALIDATION_ERROR revision: '-7' cannot be reached .*"),
        (("schema", "upgrade", "--system", "tea"), "CONFIGURATION_ERROR --system: 'tea' is none of banking.*"),
        (("check",), "SCHEMA_MISSING .* run `strongroom schema upgrade`"),
        (("serve",), "CONFIGURATION_ERROR schema banking: is at nothing, .*; run `strongroom schema upgrade`"),
        (("database", "check"), "DATABASE_UNAVAILABLE .*"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_goes_wrong_is_one_line_with_its_code(
    strongroom: Strongroom, folder: Path, free_port: int, words: tuple[str, ...], line: str
) -> None:
    if words == ("database", "check"):
        (folder / "front.db").mkdir()  # a folder is no database
    answer = strongroom(*words, STRONGROOM_PORT=str(free_port))
    assert answer.code == 1
    assert re.fullmatch(f"{line}\n", answer.err), answer.err


@pytest.mark.parametrize(
    "words", [("schema", "revision"), ("schema", "nonsense"), ("up", "--port", "80000")], ids=" ".join
)
def test_a_slip_of_the_pen_is_answered_with_the_usage(strongroom: Strongroom, words: tuple[str, ...]) -> None:
    answer = strongroom(*words)
    assert answer.code == 2
    assert re.search(r"Usage: .*strongroom", answer.err)
    assert "--help" in answer.err


def test_a_new_revision_is_written_where_the_system_keeps_them(
    strongroom: Strongroom, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    banking = next(system for system in assembly.SYSTEMS if system.name == "banking")
    revisions = folder / "versions"
    shutil.copytree(banking.migrations, revisions, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(assembly.building, "SYSTEMS", (replace(banking, migrations=revisions),))
    strongroom("schema", "upgrade")
    answer = strongroom("schema", "revision", "-m", "Say more", "--no-autogenerate")
    assert answer.code == 0, answer.err
    written = Path(answer.out.strip())
    assert written.parent == revisions
    assert re.fullmatch(rf"{NEWEST}_say_more\.py", written.name)
    assert "Say more" in strongroom("schema", "history").out


def test_verbose_tells_what_happens(strongroom: Strongroom, folder: Path, environment: dict[str, str]) -> None:
    assert len(strongroom("database", "init").err.splitlines()) == 1
    loud = subprocess.run(  # a process of its own, since pytest has the log of this one
        [sys.executable, "-m", "strongroom", "--verbose", "database", "init"],
        cwd=folder,
        env={**environment, "DATABASE_URL": "sqlite:///loud.db"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "INFO alembic.runtime.migration Running upgrade" in loud.stderr
