"""Imports run down: importlinter.toml holds for the code as it is, and sees all of it."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
CONFIGURATION = ROOT / "importlinter.toml"
PACKAGE = ROOT / "src" / "strongroom"
#: Alembic runs these by their path; they are no part of the package
RUN_BY_PATH = {PACKAGE / "kernel" / "migrations" / "script"}


def test_every_import_rule_holds() -> None:
    ended = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--config", CONFIGURATION, "--no-cache", "--no-logo"],
        cwd=PACKAGE.parent, env={**os.environ, "PYTHONPATH": str(PACKAGE.parent)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_no_module_hides_from_the_import_rules() -> None:
    folders = {path.parent for path in PACKAGE.rglob("*.py")} - RUN_BY_PATH
    assert not [str(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()]


def test_the_rule_about_the_web_names_every_part_of_the_kernel_but_the_web() -> None:
    named = {name.removeprefix("strongroom.kernel.") for name in _rule("edge")["source_modules"]}
    parts = {
        path.stem for path in (PACKAGE / "kernel").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert parts - {"__init__", "web"} <= named


def test_commands_that_serve_nothing_load_no_web_framework_and_no_numbers() -> None:
    heavy = "fastapi", "uvloop", "pandas", "numpy", "matplotlib", "openpyxl", "docx"
    look = f"import sys, strongroom.cli.main; print(*(name for name in {heavy} if name in sys.modules))"
    ended = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == []


def _rule(key: str) -> dict[str, Any]:
    contracts = tomllib.loads(CONFIGURATION.read_text())["tool"]["importlinter"]["contracts"]
    return next(contract for contract in contracts if contract["id"] == key)
