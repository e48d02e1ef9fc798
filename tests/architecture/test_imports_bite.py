"""Each import rule is broken on purpose in a copy of the code, to show that it would be noticed.

A rule that names a module wrongly passes in silence; only breaking it tells.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONFIGURATION = ROOT / "importlinter.toml"
NAMES = {
    contract["id"]: contract["name"]
    for contract in tomllib.loads(CONFIGURATION.read_text())["tool"]["importlinter"]["contracts"]
}

BANKING = "systems/banking"
HIDDEN = "def hidden() -> None:\n    from strongroom.systems import banking"
TYPE_ONLY = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from strongroom.systems import banking"

#: what is done wrong, the rule that notices, the file (made when missing), the line appended to it
CASES = [
    ("the kernel names a system", "floors", "kernel/engines/pools.py", "import strongroom.systems.banking"),
    ("the kernel reads settings", "floors", "kernel/repositories/pages.py", "import strongroom.settings"),
    ("a system reads settings", "floors", f"{BANKING}/rules/fees.py", "import strongroom.settings"),
    ("a system calls an operation", "floors", f"{BANKING}/errors.py", "import strongroom.operations.schema"),
    ("an operation names a system", "floors", "operations/schema/upgrade.py", "import strongroom.systems.banking"),
    ("the same, hidden in a function", "floors", "operations/schema/upgrade.py", HIDDEN),
    ("the same, for types only", "floors", "operations/schema/upgrade.py", TYPE_ONLY),
    ("a new module on the top floor", "floors", "extras.py", ""),
    ("engines import sessions", "kernel", "kernel/engines/pools.py", "import strongroom.kernel.sessions.attempts"),
    ("tables import engines", "kernel", "kernel/tables/rows.py", "import strongroom.kernel.engines.options"),
    ("repositories import a sibling", "kernel", "kernel/repositories/pages.py", "import strongroom.kernel.integrity"),
    ("values import errors", "kernel", "kernel/values/money.py", "import strongroom.kernel.errors"),
    ("a new part of the kernel", "kernel", "kernel/extras/__init__.py", ""),
    ("a rule imports a table", "shape", f"{BANKING}/rules/fees.py", f"import strongroom.{BANKING}.models"),
    ("a table imports a query", "shape", f"{BANKING}/models/users.py", f"import strongroom.{BANKING}.repositories"),
    ("a query imports an action", "shape", f"{BANKING}/repositories/users.py", f"import strongroom.{BANKING}.services"),
    ("an action imports a check", "shape", f"{BANKING}/services/planted.py", f"import strongroom.{BANKING}.checks"),
    ("a table goes round by the front door", "shape", f"{BANKING}/models/users.py", f"import strongroom.{BANKING}"),
    ("a revision imports a table", "shape", f"{BANKING}/migrations/planted.py", f"import strongroom.{BANKING}.models"),
    ("a new file in a system", "shape", f"{BANKING}/extras.py", ""),
    ("the command line reaches past the plug", "plug", "cli/planted.py", f"import strongroom.{BANKING}.rules"),
    ("the assembly reaches past the plug", "plug", "assembly.py", f"import strongroom.{BANKING}.models"),
    ("the command line names a system", "names", "cli/planted.py", f"import strongroom.{BANKING}"),
    ("settings name a system", "names", "settings/rules.py", f"import strongroom.{BANKING}"),
    ("a rule imports SQLAlchemy", "pure", f"{BANKING}/rules/fees.py", "import sqlalchemy"),
    ("an error imports pydantic", "pure", "kernel/errors.py", "import pydantic"),
    ("an action imports FastAPI", "edge", f"{BANKING}/services/planted.py", "from fastapi import HTTPException"),
    ("an operation needs the web in the end", "edge", "operations/schema/upgrade.py", "import strongroom.kernel.web"),
    ("the plug needs the web", "edge", "kernel/system.py", "from fastapi import APIRouter"),
    ("a query imports a driver", "driver", f"{BANKING}/repositories/users.py", "import psycopg"),
    ("sessions import the other driver", "driver", "kernel/sessions/attempts.py", "import asyncpg"),
    ("an action imports Alembic", "alembic", f"{BANKING}/services/planted.py", "import alembic"),
    ("an action speaks to the queue", "queue", f"{BANKING}/services/planted.py", "import procrastinate"),
    ("sessions defer jobs", "kernel", "kernel/sessions/attempts.py", "import strongroom.kernel.jobs.job"),
    ("an operation reads .env", "environment", "operations/schema/upgrade.py", "from dotenv import dotenv_values"),
    ("an operation prints", "terminal", "operations/schema/upgrade.py", "from rich import print"),
    ("two files import each other", "knots", "kernel/engines/options.py", "import strongroom.kernel.engines.pools"),
]  # fmt: skip


def test_every_rule_is_broken_at_least_once() -> None:
    assert {rule for _, rule, _, _ in CASES} | {"strangers"} == set(NAMES)


def test_an_untouched_copy_breaks_nothing(tmp_path: Path) -> None:
    assert broken_rules(copy_of_the_code(tmp_path)) == set()


@pytest.mark.parametrize(("rule", "path", "line"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_breaking_a_rule_is_noticed(tmp_path: Path, rule: str, path: str, line: str) -> None:
    code = copy_of_the_code(tmp_path)
    append(code / "strongroom" / path, line.replace("/", "."))
    assert NAMES[rule] in broken_rules(code)


def test_a_second_system_copied_from_the_first_is_noticed(tmp_path: Path) -> None:
    code = copy_of_the_code(tmp_path)
    # the copy still imports the rules, tables and errors of the original
    shutil.copytree(code / "strongroom" / BANKING, code / "strongroom" / "systems" / "invoices")
    assert NAMES["strangers"] in broken_rules(code)


def copy_of_the_code(folder: Path) -> Path:
    code = folder / "src"
    shutil.copytree(ROOT / "src", code, ignore=shutil.ignore_patterns("__pycache__"))
    return code


def append(path: Path, line: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    (path.parent / "__init__.py").touch()
    with path.open("a") as stream:
        stream.write(f"\n{line}\n")


def broken_rules(code: Path) -> set[str]:
    ended = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--config", CONFIGURATION, "--no-cache", "--no-logo"],
        cwd=code, env={"PYTHONPATH": str(code), "COLUMNS": "300"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert " kept, " in ended.stdout, ended.stdout + ended.stderr  # else it stopped before it looked
    return set(re.findall(r"^(.*) BROKEN\b", ended.stdout, re.MULTILINE))
