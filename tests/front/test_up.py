"""`strongroom up` as a newcomer runs it: a process of its own, with nothing set, until it is stopped or killed."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Self

import httpx2
import psutil
import pytest

from strongroom.assembly import SYSTEMS
from strongroom.kernel.engines.embedded.ownership import POINTER_NAME
from strongroom.testing.databases import ThrowAwayServer

PATIENCE_S = 90
#: Ctrl-C: orderly, or as the shell names an interrupted program
INTERRUPTED = (0, 128 + signal.SIGINT)

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root steps down to a user whom its folders keep out")


class Up:
    """One `strongroom up` in a folder; whatever a test does to it, nothing of it is left at the end."""

    def __init__(self, folder: Path, environment: dict[str, str], *options: str) -> None:
        self.folder = folder
        self.port = _free_port()
        self._log = folder / f"up-{self.port}.log"
        self._postmasters: list[psutil.Process] = []
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "strongroom", "up", "--port", str(self.port), *options],
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # a group of its own, as a terminal makes one
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        left = [postmaster for postmaster in self._postmasters if not _has_ended(postmaster)]
        for postmaster in left:
            postmaster.send_signal(signal.SIGQUIT)
        _until(lambda: all(map(_has_ended, left)))

    @property
    def said(self) -> str:
        """All it has written so far."""
        return self._log.read_text(encoding="utf-8")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wait(self) -> Self:
        """Until it answers requests."""
        _until(lambda: self.process.poll() is not None or self._answers())
        assert self.process.poll() is None, self.said
        return self

    def wait_for_postgres(self) -> psutil.Process:
        """Until its PostgreSQL is there, even if not ready."""
        home = self.folder / ".strongroom/postgresql"
        _until(lambda: _find_postmaster(home) is not None)
        postmaster = _find_postmaster(home)
        assert postmaster is not None
        self._postmasters.append(postmaster)
        return postmaster

    def end(self, number: int = signal.SIGINT) -> int:
        """Signal it as the terminal does, every process of its group; its exit code."""
        os.killpg(self.process.pid, number)
        return self.process.wait(PATIENCE_S)

    def started_in_s(self) -> float:
        """What it says its start took."""
        found = re.search(r"is up after ([\d.]+) s", self.said)
        assert found, self.said
        return float(found[1])

    def _answers(self) -> bool:
        try:
            return httpx2.get(f"{self.url}/health", timeout=5).status_code == 200
        except httpx2.TransportError:
            return False


Start = Callable[..., Up]


@pytest.fixture
def start(environment: dict[str, str]) -> Iterator[Start]:
    """Starts `strongroom up` in a folder: `start(folder, "--no-samples", DATABASE_URL=…)`."""
    with ExitStack() as running:
        yield lambda folder, *options, **settings: running.enter_context(
            Up(folder, {**environment, **settings}, *options)
        )


@pytest.fixture(scope="session")
def first_start(front_folders: Path, environment: dict[str, str]) -> Up:
    """The very first `strongroom up`, stopped again; its folder is there to be copied."""
    folder = front_folders / "first"
    folder.mkdir()
    with Up(folder, environment) as up:
        up.wait().end()
    return up


@pytest.fixture
def filled(folder: Path, first_start: Up) -> Path:
    """A folder in which Strongroom was up before."""
    _copy(first_start.folder, folder)
    return folder


@pytest.fixture(scope="session")
def served(front_folders: Path, first_start: Up, environment: dict[str, str]) -> Iterator[Up]:
    """A `strongroom up` that several tests ask something of."""
    folder = front_folders / "served"
    folder.mkdir()
    _copy(first_start.folder, folder)
    with Up(folder, environment) as up:
        yield up.wait()
        up.end()


def test_the_first_start_tells_each_step_and_where_to_go(first_start: Up) -> None:
    lines = first_start.said.splitlines()
    assert [re.sub(r"\d+(\.\d+)*", "0", line) for line in lines[:2]] == [
        "✓ PostgreSQL 0 (embedded, started) 0 s",
        "✓ Schema banking at banking_0 (from nothing) 0 s",
    ]
    names = [*(system.name for system in SYSTEMS), "jobs"]
    assert [line.split()[2] for line in lines[1 : len(names) + 1]] == names
    samples = ", ".join(rf"\d+ rows of {system.name}" for system in SYSTEMS)
    assert re.fullmatch(rf"✓ Sample data: {samples} \d+\.\d s", lines[len(names) + 1])
    assert f"http://127.0.0.1:{first_start.port}\n" in first_start.said
    assert "alice@example.com" in first_start.said
    assert ".strongroom/postgresql" in first_start.said
    assert re.fullmatch(r"✓ Stopped; the data is kept \d+\.\d s", lines[-1])


def test_every_command_that_the_first_start_points_to_exists(first_start: Up, strongroom: Callable[..., Any]) -> None:
    next_steps = re.search(r"Next +(.+)", first_start.said)
    assert next_steps
    for command in next_steps[1].split(", "):
        program, *words = command.split()
        assert program == "strongroom"
        assert strongroom(*words, "--help").code == 0, command


def test_the_interactive_docs_are_served_where_it_says(served: Up) -> None:
    answer = httpx2.get(served.url, follow_redirects=True)
    assert answer.status_code == 200
    assert "swagger" in answer.text
    assert "/api/banking/accounts" in httpx2.get(f"{served.url}/openapi.json").json()["paths"]


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        (
            "/api/health/",
            {"status": "healthy", "database": "connected", "database_healthy": True, "timestamp": str,
             "service": "hoardrun-backend", "message": str},
        ),
        (
            "/api/health/detailed",
            {"status": "healthy", "service": "fintech-backend", "version": str, "timestamp": str,
             "environment": "development",
             "system": {"python_version": str, "memory": {"total": int, "available": int, "percent": float},
                        "disk": {"total": int, "free": int, "percent": float}},
             "dependencies": {"external_services": "mocked", "database": True}},
        ),
        (
            "/api/health/database",
            {"status": "healthy", "timestamp": str,
             "database": {"database_url": "postgresql://***", "database_version": str, "connection_healthy": True,
                          "pool_info": {"pool_size": 5, "checked_in": int, "checked_out": int, "overflow": 0}}},
        ),
        ("/api/health/readiness", {"status": "ready", "timestamp": str, "checks": {"database": "healthy"}}),
        ("/api/health/liveness", {"status": "alive", "timestamp": str, "uptime": float}),
        ("/health", {"status": "healthy", "service": "fintech-backend", "version": str, "timestamp": str,
                     "environment": "development"}),
    ],
)  # fmt: skip
def test_every_health_route_answers_in_its_shape(served: Up, path: str, shape: dict[str, Any]) -> None:
    answer = httpx2.get(f"{served.url}{path}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert _is_like(answer.json(), shape), answer.text


def test_a_second_start_keeps_the_data_and_is_quicker(served: Up, first_start: Up) -> None:
    assert re.search(r"Schema banking at banking_\d+ \(newest already\)", served.said)
    assert "Sample data is there already" in served.said
    assert served.started_in_s() < first_start.started_in_s()


def test_the_sample_user_signs_in_and_reads_her_accounts(served: Up) -> None:
    said = re.search(r"Sign in to the bank as +(?P<email>[^, ]+).* · (?P<password>\S+)", served.said)
    assert said
    with _signed_in(served, said["email"], said["password"]) as client:
        accounts = client.get("/api/banking/accounts").json()["items"]
    assert sorted((account["account_name"], account["currency"]) for account in accounts) == [
        ("Everyday", "USD"),
        ("Rainy days", "USD"),
    ]


def test_a_second_process_in_the_same_folder_shares_the_database(served: Up, start: Start) -> None:
    second = start(served.folder).wait()
    assert "embedded, shared with the process that started it" in second.said
    assert second.end() in INTERRUPTED
    assert httpx2.get(f"{served.url}/api/health/readiness").status_code == 200


def test_a_taken_port_is_told_before_anything_starts(folder: Path, strongroom: Callable[..., Any]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = strongroom("up", "--port", str(port), DATABASE_URL="")
    assert answer.code == 1
    [line] = answer.err.splitlines()
    assert line.startswith(f"CONFIGURATION_ERROR STRONGROOM_PORT: 127.0.0.1:{port} cannot be listened on")
    assert "--port" in line.partition(";")[2]
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("STRONGROOM_PROT", "8001", "CONFIGURATION_ERROR STRONGROOM_PROT: .* did you mean STRONGROOM_PORT?"),
        ("DATABASE_URL", "mysql://root@db/bank", "CONFIGURATION_ERROR DATABASE_URL: 'mysql' is not supported; use .*"),
        ("DATABASE_URL", "postgresql://a:hunter2@127.0.0.1:1/bank", "DATABASE_UNAVAILABLE .* check DATABASE_URL .*"),
        ("DATABASE_URL", "sqlite:////no/such/folder/bank.db", "DATABASE_UNAVAILABLE .* check DATABASE_URL .*"),
    ],
)
def test_what_is_set_wrongly_is_told_in_one_line(
    strongroom: Callable[..., Any], free_port: int, folder: Path, name: str, value: str, line: str
) -> None:
    answer = strongroom("up", "--port", str(free_port), **{name: value})
    assert answer.code == 1
    assert re.fullmatch(f"{line}\n".replace("?", r"\?"), answer.err), answer.err
    assert "hunter2" not in answer.err
    assert list(folder.iterdir()) == []


def test_ctrl_c_stops_the_server_and_its_postgres(filled: Path, start: Start) -> None:
    up = start(filled).wait()
    postgres = up.wait_for_postgres()
    assert up.end() in INTERRUPTED
    assert _has_ended(postgres)
    assert not (filled / ".strongroom/postgresql/cluster/postmaster.pid").exists()
    assert "Traceback" not in up.said


def test_an_impatient_second_ctrl_c_leaves_no_postgres_behind(filled: Path, start: Start) -> None:
    up = start(filled).wait()
    postgres = up.wait_for_postgres()
    os.killpg(up.process.pid, signal.SIGINT)
    time.sleep(0.05)
    up.end()
    assert _has_ended(postgres)
    assert "Traceback" not in up.said


def test_sigterm_stops_everything_as_a_supervisor_expects(filled: Path, start: Start) -> None:
    up = start(filled).wait()
    postgres = up.wait_for_postgres()
    assert up.end(signal.SIGTERM) == 128 + signal.SIGTERM
    assert _has_ended(postgres)
    assert "Stopped; the data is kept" in up.said


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT], ids=["SIGHUP", "SIGINT"])
def test_a_start_that_is_broken_off_leaves_no_postgres_behind(filled: Path, start: Start, number: int) -> None:
    up = start(filled)
    postgres = up.wait_for_postgres()
    up.end(number)
    assert _has_ended(postgres)
    assert "is up after" not in up.said
    assert "Traceback" not in up.said


def test_what_was_answered_before_a_kill_is_there_after_the_next_start(filled: Path, start: Start) -> None:
    killed = start(filled).wait()
    orphan = killed.wait_for_postgres()
    with _signed_in(killed) as client:
        opened = client.post("/api/banking/accounts", json={"account_name": "Holidays", "account_type": "savings"})
        assert opened.status_code == 201, opened.text
    killed.end(signal.SIGKILL)
    assert not _has_ended(orphan)

    again = start(filled).wait()
    assert again.wait_for_postgres().pid == orphan.pid
    with _signed_in(again) as client:
        assert client.get(f"/api/banking/accounts/{opened.json()['id']}").json()["account_name"] == "Holidays"
    assert again.end() in INTERRUPTED
    assert _has_ended(orphan)


@needs_root
def test_a_folder_that_others_cannot_enter_is_no_obstacle(folder: Path, start: Start) -> None:
    folder.chmod(0o700)
    up = start(folder, "--no-samples").wait()
    pointer = folder / ".strongroom/postgresql" / POINTER_NAME
    elsewhere = Path(pointer.read_text().splitlines()[-1])
    try:
        postgres = _find_postmaster(elsewhere)
        assert postgres is not None
        assert up.end() in INTERRUPTED
        assert _has_ended(postgres)
    finally:
        shutil.rmtree(elsewhere)


def test_a_sqlite_file_does_as_well(folder: Path, start: Start) -> None:
    up = start(folder, DATABASE_URL="sqlite:///./bank.db").wait()
    assert "✓ SQLite 3" in up.said
    assert "sqlite:///./bank.db" in up.said
    with _signed_in(up) as client:
        assert len(client.get("/api/banking/accounts").json()["items"]) == 2
    assert up.end() in INTERRUPTED
    assert (folder / "bank.db").is_file()
    assert not (folder / ".strongroom/postgresql").exists()


def test_a_server_that_runs_elsewhere_is_used_and_left_running(
    folder: Path, start: Start, postgresql_server: ThrowAwayServer
) -> None:
    options = postgresql_server.create_database()
    up = start(folder, "--no-samples", DATABASE_URL=options.url).wait()
    assert "(connected)" in up.said
    assert "Sign in to the bank as" not in up.said
    assert httpx2.get(f"{up.url}/api/health/readiness").status_code == 200
    assert up.end() in INTERRUPTED
    assert postgresql_server.pid is not None
    assert psutil.Process(postgresql_server.pid).is_running()
    assert not (folder / ".strongroom/postgresql").exists()


@contextmanager
def _signed_in(up: Up, email: str = "alice@example.com", password: str = "Strongroom1") -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=up.url) as client:
        answer = client.post("/api/banking/sign-in", json={"email": email, "password": password})
        client.headers["Authorization"] = f"Bearer {answer.raise_for_status().json()['access_token']}"
        yield client


def _is_like(value: Any, shape: Any) -> bool:
    """Whether a value has the keys and kinds that are asked for, no more and no fewer."""
    if isinstance(shape, dict):
        return (
            isinstance(value, dict)
            and value.keys() == shape.keys()
            and all(_is_like(value[key], part) for key, part in shape.items())
        )
    return isinstance(value, shape) if isinstance(shape, type) else bool(value == shape)


def _find_postmaster(home: Path) -> psutil.Process | None:
    """The server whose data is there."""
    try:
        process = psutil.Process(int((home / "cluster/postmaster.pid").read_text().splitlines()[0]))
        return process if process.name() == "postgres" else None
    except (OSError, ValueError, IndexError, psutil.NoSuchProcess):
        return None


def _has_ended(process: psutil.Process) -> bool:
    try:
        # an orphan is left a zombie where nobody reaps, as in a container without an init
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _copy(source: Path, target: Path) -> None:
    # with owners and modes, which PostgreSQL is particular about
    subprocess.run(["cp", "-a", f"{source}/.strongroom", str(target)], check=True)


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, "it did not come to pass in time"
        time.sleep(0.02)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
