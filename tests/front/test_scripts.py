"""The scripts for those who expect scripts: each of their words does what it says, and fails aloud."""

from __future__ import annotations

import importlib.util
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "scripts"
SHELL, BATCH = SCRIPTS / "init_db.sh", SCRIPTS / "init_db.bat"
WORDS = ["check", "init", "sample", "reset", "migrate"]

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(folder: Path, environment: dict[str, str]) -> Run:
    """Runs a command from a folder that is not the project's, on a SQLite file there unless told otherwise."""
    plain = {name: value for name, value in environment.items() if not name.startswith(("PYTEST_", "COV_"))}

    def run(*command: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
        given = {**plain, "DATABASE_URL": f"sqlite:///{folder}/front.db", **settings}
        words = [str(word) for word in command]
        return subprocess.run(words, cwd=folder, env=given, capture_output=True, text=True, check=False, timeout=200)

    return run


def count_users(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "front-banking.db")) as connection:
        return int(connection.execute("SELECT count(*) FROM users").fetchone()[0])


def load(script: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(script, SCRIPTS / f"{script}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.heavy
def test_the_shell_script_fills_empties_and_checks_the_database(run: Run, folder: Path) -> None:
    sampled = run(SHELL, "sample")
    assert sampled.returncode == 0, sampled.stderr
    assert count_users(folder) == 4

    emptied = run(SHELL, "reset", "--verbose")
    assert emptied.returncode == 0, emptied.stderr
    assert count_users(folder) == 0
    assert "INFO alembic" in emptied.stderr

    checked = run(SHELL, "check")
    assert checked.returncode == 0, checked.stderr
    assert "connection_healthy: True" in checked.stdout


@pytest.mark.parametrize("word", ["init", "migrate"])
def test_the_shell_script_brings_the_schema_up(run: Run, folder: Path, word: str) -> None:
    ended = run(SHELL, word)
    assert ended.returncode == 0, ended.stderr
    assert count_users(folder) == 0


def test_the_shell_script_passes_a_failure_on(run: Run) -> None:
    ended = run(SHELL, "check", DATABASE_URL="postgresql://a:hunter2@127.0.0.1:1/bank")
    assert ended.returncode == 1
    [line] = ended.stderr.splitlines()
    assert line.startswith("DATABASE_UNAVAILABLE ")


@pytest.mark.parametrize("words", [(), ("nonsense",), ("--verbose",)], ids=["nothing", "nonsense", "only an option"])
def test_the_shell_script_answers_what_it_does_not_know_with_its_usage(run: Run, words: tuple[str, ...]) -> None:
    ended = run(SHELL, *words)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert re.findall(r"^  (\w+) ", ended.stderr, re.MULTILINE) == WORDS


@pytest.mark.parametrize("word", ["-h", "--help"])
def test_asking_the_shell_script_for_help_is_no_mistake(run: Run, word: str) -> None:
    ended = run(SHELL, word)
    assert ended.returncode == 0
    assert ended.stderr == ""
    assert re.findall(r"^  (\w+) ", ended.stdout, re.MULTILINE) == WORDS


def test_the_batch_file_does_what_the_shell_script_does() -> None:
    shell, batch = SHELL.read_text(encoding="utf-8"), BATCH.read_text(encoding="utf-8")
    by_shell = re.findall(r'^ +(\w+)\) exec "\$python" (.*?)(?: "\$@")? ;;$', shell, re.MULTILINE)
    by_batch = re.findall(r'^if "%1"=="(\w+)" +\( "%PYTHON%" (.*?)(?: %2)? & exit /b \)$', batch, re.MULTILINE)
    assert [word for word, _ in by_shell] == WORDS
    assert [(word, command.replace("\\", "/")) for word, command in by_batch] == by_shell
    usage = re.findall(r"^  (\w+ {2,}\S.*)$", shell, re.MULTILINE)
    assert re.findall(r"^echo   (\w+ {2,}\S.*)$", batch, re.MULTILINE) == usage


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], [["database", "init"]]),
        (["--check-only"], [["database", "check"]]),
        (["--check-only", "--verbose"], [["--verbose", "database", "check"]]),
        (["--create-sample-data"], [["database", "init"], ["database", "sample"]]),
        (["--force-reset"], [["database", "reset", "--yes"]]),
        (["--force-reset", "--create-sample-data"], [["database", "reset", "--yes"], ["database", "sample"]]),
    ],
    ids=str,
)
def test_the_options_of_init_database_become_commands(words: list[str], told: list[list[str]]) -> None:
    door = [sys.executable, "-m", "strongroom"]
    assert load("init_database").build_commands(words) == [[*door, *command] for command in told]


def test_init_database_stops_at_the_first_failure(run: Run, production: dict[str, str]) -> None:
    script = SCRIPTS / "init_database.py"
    ended = run(sys.executable, script, "--force-reset", "--create-sample-data", **production)
    assert ended.returncode == 1
    [line] = ended.stderr.splitlines()
    assert line.startswith("CONFIGURATION_ERROR ENVIRONMENT: is production;")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], [[]]),
        (["--database-only"], [["tests/kernel", "tests/systems", "tests/conformance"]]),
        (["-d", "-v"], [["-vv", "tests/kernel", "tests/systems", "tests/conformance"]]),
        (["--specific", "tests/x.py"], [["tests/x.py"]]),
        (["-s", "tests/x.py"], [["tests/x.py"]]),
        (["--specific-tests"], [["tests/kernel"], ["tests/systems"], ["tests/conformance"]]),
    ],
    ids=str,
)
def test_the_options_of_run_tests_choose_the_tests(words: list[str], told: list[list[str]]) -> None:
    pytest_run = [sys.executable, "-m", "pytest"]
    assert load("run_tests").build_commands(words) == [[*pytest_run, *arguments] for arguments in told]
    assert all((ROOT / suite).is_dir() for suite in load("run_tests").DATABASE_TESTS)


@pytest.mark.heavy
def test_a_specific_test_runs_with_its_coverage_measured(run: Run, folder: Path) -> None:
    quick = ROOT / "tests/kernel/values/test_clock.py"
    ended = run(
        sys.executable, SCRIPTS / "run_tests.py", "--specific", quick, "--coverage", "--verbose", PYTEST_ADDOPTS="-n 0"
    )
    assert ended.returncode == 0, ended.stdout
    assert re.search(r"test_clock\.py::test_\w+.* PASSED", ended.stdout)
    assert re.search(r"^TOTAL .*%", ended.stdout, re.MULTILINE)
    assert (folder / "htmlcov/index.html").is_file()


def test_run_tests_passes_a_failure_on(run: Run, folder: Path) -> None:
    failing = folder / "test_failing.py"
    failing.write_text("def test_nothing_is_certain():\n    assert False\n", encoding="utf-8")
    assert run(sys.executable, SCRIPTS / "run_tests.py", "-s", failing).returncode == 1


@pytest.mark.parametrize("script", ["init_database", "run_tests", "write_docs"])
def test_every_option_of_a_script_says_what_it_is_for(script: str, capsys: pytest.CaptureFixture[str]) -> None:
    module = load(script)
    with pytest.raises(SystemExit) as ended:
        getattr(module, "build_commands", module.main)(["--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out.split("options:\n", 1)[1].strip("\n")
    for option in re.split(r"\n  (?=-)", told):
        _, _, meaning = " ".join(option.split()).rpartition("--")
        assert len(meaning.split()) > 3, option
