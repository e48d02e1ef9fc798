"""The embedded server, on every PostgreSQL found here: it comes up, keeps its data, lets no one else in."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from strongroom.kernel.engines.embedded import (
    Binaries,
    EmbeddedServer,
    find_binaries,
    installed_versions,
    ownership,
)
from strongroom.kernel.engines.embedded.binaries import runnable_by
from strongroom.kernel.engines.embedded.ownership import POINTER_NAME, ServerUser
from strongroom.kernel.errors import EmbeddedUnavailable

VERSIONS = installed_versions()
WHEEL_VERSIONS = [version for version in VERSIONS if find_binaries(version).source != "system"]
FAST = {"fsync": "off"}

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user")
needs_two_versions = pytest.mark.skipif(len(VERSIONS) < 2, reason="only one PostgreSQL is installed here")


@pytest.fixture(params=VERSIONS)
def binaries(request: pytest.FixtureRequest) -> Binaries:
    return find_binaries(request.param)


@pytest.fixture
def folder() -> Iterator[Path]:
    """Short, and every user may enter it, which pytest's own folders do not allow."""
    folder = Path(tempfile.mkdtemp(prefix="strongroom-", dir=memory_folder()))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def private_place(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Root's own place for what others must reach, kept out of the machine's real one."""
    place = folder / "place"
    monkeypatch.setattr(ownership, "PRIVATE_PLACES", (str(place),))
    return place


def memory_folder() -> str | None:
    """Memory halves the time of these tests, where it is roomy and may hold programs."""
    if not os.path.isdir("/dev/shm"):
        return None
    status = os.statvfs("/dev/shm")
    is_fit = status.f_bavail * status.f_frsize > 2_000_000_000 and not status.f_flag & os.ST_NOEXEC
    return "/dev/shm" if is_fit else None


def build_server(
    data_dir: Path, binaries: Binaries | None = None, settings: dict[str, str] | None = None
) -> EmbeddedServer:
    return EmbeddedServer(data_dir, binaries, FAST | (settings or {}), durable=False)


def run(url: str, statement: str, *values: object) -> list[Any]:
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    try:
        with engine.begin() as connection:
            result = connection.exec_driver_sql(statement, values)
            return list(result.scalars()) if result.returns_rows else []
    finally:
        engine.dispose()


def ended(process: psutil.Process) -> bool:
    deadline = time.monotonic() + 20
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE and time.monotonic() < deadline:
        time.sleep(0.02)
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_a_cold_start_makes_a_database_and_a_warm_one_keeps_it(folder: Path, binaries: Binaries) -> None:
    server = build_server(folder / "data", binaries)
    url = server.start()
    assert server.is_running
    assert run(url, "SHOW data_checksums") == ["on"]
    assert run(url, "SHOW server_encoding") == ["UTF8"]
    assert run(url, "SHOW listen_addresses") == [""]
    assert run(url, "SELECT lower('ÄRGER')") == ["ärger"]
    run(url, "CREATE TABLE kept AS SELECT 1 AS one")
    server.stop()
    assert not server.is_running
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)

    with build_server(folder / "data", binaries) as again:
        assert again.is_owner
        assert run(again.start(), "SELECT one FROM kept") == [1]


async def test_both_drivers_connect_whatever_the_environment_says(
    folder: Path, binaries: Binaries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "1")
    monkeypatch.setenv("PGHOST", "nowhere.invalid")
    with build_server(folder / "data", binaries) as server:
        url = server.start()
        assert run(url, "SELECT current_database()") == ["strongroom"]
        engine = create_async_engine(make_url(url).set(drivername="postgresql+asyncpg"))
        async with engine.connect() as connection:
            assert await connection.scalar(text("SELECT current_user")) == "strongroom"
        await engine.dispose()


def test_a_killed_server_comes_back_with_every_committed_row(folder: Path, binaries: Binaries) -> None:
    server = build_server(folder / "data", binaries)
    url = server.start()
    run(url, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number")
    server.kill()
    assert not server.is_running

    url = server.start()
    assert run(url, "SELECT count(*) FROM kept") == [1000]
    server.stop()


def test_a_server_killed_from_outside_comes_back_while_its_children_still_die(folder: Path, binaries: Binaries) -> None:
    with build_server(folder / "data", binaries) as server:
        url = server.start()
        with contextlib.closing(psycopg.connect(url)) as open_session:
            child = psutil.Process(open_session.info.backend_pid)
            child.suspend()  # it cannot notice the death of its parent, and holds the shared memory
            psutil.Process(server.pid).kill()
            threading.Timer(1, child.resume).start()
            assert run(server.start(), "SELECT 1") == [1]
            assert ended(child)


def test_an_orphan_is_adopted_and_then_stopped(folder: Path, binaries: Binaries) -> None:
    starter = f"""
import os, pathlib
from strongroom.kernel.engines.embedded import EmbeddedServer, find_binaries
binaries = find_binaries({binaries.version})
server = EmbeddedServer(pathlib.Path({str(folder / "data")!r}), binaries, durable=False)
server.start()
print(server.pid, flush=True)
os.kill(os.getpid(), 9)
"""
    killed = subprocess.run([sys.executable, "-c", starter], stdout=subprocess.PIPE, text=True, check=False)
    assert killed.returncode == -signal.SIGKILL
    orphan = psutil.Process(int(killed.stdout))

    server = build_server(folder / "data", binaries)
    url = server.start()
    assert server.pid == orphan.pid
    assert server.is_owner
    assert run(url, "SELECT 1") == [1]
    server.stop()
    assert ended(orphan)


def test_the_second_starter_shares_and_only_the_owner_stops(folder: Path, binaries: Binaries) -> None:
    servers = [build_server(folder / "data", binaries) for _ in range(2)]
    with ThreadPoolExecutor() as threads:
        urls = list(threads.map(EmbeddedServer.start, servers))
    owner, sharer = sorted(servers, key=lambda server: server.is_owner, reverse=True)
    assert urls[0] == urls[1]
    assert owner.pid == sharer.pid
    assert (owner.is_owner, sharer.is_owner) == (True, False)

    sharer.stop()
    assert run(urls[0], "SELECT 1") == [1]
    sharer.start()
    owner.stop()
    assert not sharer.is_running


def test_a_stale_pid_that_now_belongs_to_another_program_stops_nobody(folder: Path) -> None:
    server = build_server(folder / "data")
    server.start()
    server.kill()
    owner = ownership.choose_home(folder / "data")[1]
    with subprocess.Popen(["sleep", "60"], cwd="/", **owner.as_child()) as stranger:
        pid_file = folder / "data" / "cluster" / "postmaster.pid"
        _, *rest = pid_file.read_text().splitlines()
        pid_file.write_text("\n".join([str(stranger.pid), *rest]) + "\n")
        assert run(server.start(), "SELECT 1") == [1]
        server.stop()
        assert stranger.poll() is None
        stranger.terminate()


def test_tcp_lets_in_whoever_knows_a_password_and_at_first_none_exists(folder: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with EmbeddedServer(folder / "data", settings=FAST, tcp_port=port, durable=False) as server:
        login = f"postgresql://strongroom:guessed@127.0.0.1:{port}/strongroom"
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(login)
        run(server.start(), "ALTER ROLE strongroom PASSWORD 'guessed'")
        psycopg.connect(login).close()


def test_ctrl_c_reaches_us_and_not_the_server(folder: Path) -> None:
    with build_server(folder / "data") as server:
        assert server.pid is not None
        assert os.getpgid(server.pid) != os.getpgid(0)


def test_values_never_reach_the_log(folder: Path) -> None:
    with build_server(folder / "data") as server:
        url = server.start()
        run(url, "CREATE TABLE accounts (owner text UNIQUE)")
        run(url, "INSERT INTO accounts VALUES (%s)", "Rosa Luxemburg")
        with pytest.raises(Exception, match="duplicate key"):
            run(url, "INSERT INTO accounts VALUES (%s)", "Rosa Luxemburg")
    log = (folder / "data" / "server.log").read_text()
    assert "duplicate key value" in log
    assert "Rosa" not in log


def test_a_start_that_fails_shows_the_end_of_the_log(folder: Path) -> None:
    with pytest.raises(EmbeddedUnavailable, match=r"invalid value for parameter .shared_buffers.") as refused:
        build_server(folder / "data", settings={"shared_buffers": "plenty"}).start()
    assert refused.value.code == "EMBEDDED_UNAVAILABLE"
    with build_server(folder / "data") as server:
        assert server.is_running


def test_a_version_that_is_not_here_is_refused_with_a_way_out() -> None:
    with pytest.raises(EmbeddedUnavailable, match=r"PostgreSQL 9 is not installed here.*DATABASE_URL"):
        find_binaries(9)


@needs_two_versions
def test_data_of_another_major_version_is_refused_and_names_both(folder: Path) -> None:
    newer, older = VERSIONS[:2]
    build_server(folder / "data", find_binaries(older)).__enter__().stop()
    with pytest.raises(EmbeddedUnavailable, match=f"PostgreSQL {older} made .* and PostgreSQL {newer} cannot"):
        build_server(folder / "data", find_binaries(newer)).start()


@needs_two_versions
def test_the_version_that_made_the_data_is_chosen_by_itself(folder: Path) -> None:
    older = VERSIONS[1]
    build_server(folder / "data", find_binaries(older)).__enter__().stop()
    with build_server(folder / "data") as server:
        assert run(server.start(), "SELECT current_setting('server_version_num')::int / 10000") == [older]


def test_a_crash_during_the_first_start_leaves_no_half_made_cluster(folder: Path) -> None:
    half_made = folder / "data" / "cluster.unfinished-x"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")
    with build_server(folder / "data") as server:
        assert run(server.start(), "SELECT 1") == [1]
    assert not half_made.exists()


def test_a_path_too_long_for_a_socket_gets_a_short_one_that_is_private(folder: Path) -> None:
    with build_server(folder / ("long" * 20) / "data") as server:
        url = server.start()
        socket_folder = Path(str(make_url(url).query["host"]))
        assert len(str(socket_folder)) < 80
        assert socket_folder.stat().st_mode & 0o777 == 0o700
        assert run(url, "SELECT 1") == [1]
    socket_folder.rmdir()


def test_a_planted_link_is_not_taken_for_a_private_folder(folder: Path) -> None:
    entry = pwd.getpwuid(os.geteuid())
    user = ServerUser(entry.pw_name, entry.pw_uid, entry.pw_gid)
    (folder / "elsewhere").mkdir(mode=0o700)
    (folder / "link").symlink_to(folder / "elsewhere")
    with pytest.raises(EmbeddedUnavailable, match="must be a folder that belongs to"):
        user.make_folder(folder / "link")


@needs_root
def test_root_steps_down_to_an_ordinary_user(folder: Path) -> None:
    with build_server(folder / "data") as server:
        process = psutil.Process(server.pid)
        assert 0 not in (*process.uids(), *process.gids())
        status = Path(f"/proc/{server.pid}/status").read_text().splitlines()
        assert "Groups:" in map(str.strip, status)


@needs_root
def test_another_os_user_cannot_log_in(folder: Path, binaries: Binaries, private_place: Path) -> None:
    stranger = known_user("daemon")
    psql = runnable_by(binaries, stranger).tool("psql")
    with build_server(folder / "data", binaries) as server:
        host = Path(str(make_url(server.start()).query["host"]))
        login = (psql, "-h", str(host), "-U", "strongroom", "-d", "strongroom", "-Atc", "SELECT 1")
        assert known_user("root").run(*login).stdout == "1\n"

        assert "Permission denied" in stranger.run(*login).stderr
        host.chmod(0o755)
        next(host.glob(".s.PGSQL.*[0-9]")).chmod(0o777)
        refused = stranger.run(*login)
        assert refused.stdout == ""
        assert "Peer authentication failed" in refused.stderr


@needs_root
@pytest.mark.parametrize("binaries", WHEEL_VERSIONS, indirect=True)
def test_a_checkout_only_root_can_read_works_and_stays_closed(
    folder: Path, private_place: Path, binaries: Binaries
) -> None:
    checkout = folder / "checkout"
    checkout.mkdir(mode=0o700)
    package = binaries.bin_dir.parents[1]
    for shipped in package.parent.glob(f"{package.name}*"):
        shutil.copytree(shipped, checkout / shipped.name, symlinks=True)
    unreadable = replace(binaries, bin_dir=checkout / binaries.bin_dir.relative_to(package.parent))

    for _ in range(2):
        with build_server(checkout / ".strongroom", unreadable) as server:
            url = server.start()
            run(url, "CREATE TABLE IF NOT EXISTS kept AS SELECT 1 AS one")
            assert run(url, "SELECT count(*) FROM kept") == [1]
    assert checkout.stat().st_mode & 0o777 == 0o700
    home = Path((checkout / ".strongroom" / POINTER_NAME).read_text().splitlines()[-1])
    assert home.parent == private_place
    copies = [path for path in private_place.iterdir() if path.name.startswith("postgresql-")]
    assert len(copies) == 1
    assert all(
        path.lstat().st_uid == 0 and (path.is_symlink() or not path.stat().st_mode & 0o022)
        for path in (copies[0], *copies[0].rglob("*"))
    )


@needs_root
def test_a_moved_folder_does_not_silently_begin_anew(folder: Path, private_place: Path) -> None:
    checkout = folder / "checkout"
    checkout.mkdir(mode=0o700)
    build_server(checkout / "data").__enter__().stop()
    checkout.rename(folder / "moved")
    with pytest.raises(EmbeddedUnavailable, match="was moved or copied and its database is still in"):
        build_server(folder / "moved" / "data").start()


@needs_root
def test_a_place_others_can_write_to_is_not_trusted(folder: Path, private_place: Path) -> None:
    private_place.mkdir()
    private_place.chmod(0o777)
    with pytest.raises(EmbeddedUnavailable, match="that only root can write to"):
        ownership.private_place()


@needs_root
def test_an_ordinary_user_keeps_everything_in_the_folder(folder: Path, private_place: Path) -> None:
    user = known_user("daemon")
    home = folder / "home"
    home.mkdir()
    user.take(home)
    shipped = runnable_by(find_binaries(), user)
    starter = f"""
import pathlib
from strongroom.kernel.engines.embedded import Binaries, EmbeddedServer
binaries = Binaries(pathlib.Path({str(shipped.bin_dir)!r}), {shipped.version}, "system")
with EmbeddedServer(pathlib.Path({str(home / "data")!r}), binaries, durable=False) as server:
    print(server.start())
"""
    python = python_for(user)
    made = user.run("/usr/bin/env", f"PYTHONPATH={os.pathsep.join(sys.path)}", python, "-c", starter)
    assert made.stderr == ""
    assert make_url(made.stdout.strip()).query["host"] == str(home / "data" / "socket")
    assert all(path.stat().st_uid == user.uid for path in (home / "data").iterdir())
    assert (home / "data").stat().st_mode & 0o777 == 0o700

    with build_server(home / "data") as server:  # root serves the data as the user who owns it
        assert psutil.Process(server.pid).uids().real == user.uid


def known_user(name: str) -> ServerUser:
    entry = pwd.getpwnam(name)
    return ServerUser(entry.pw_name, entry.pw_uid, entry.pw_gid)


def python_for(user: ServerUser) -> str:
    same_version = f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, same_version):
        path = f"PYTHONPATH={os.pathsep.join(sys.path)}"
        if user.run("/usr/bin/env", path, python, "-c", "import strongroom, psycopg").returncode == 0:
            return python
    pytest.skip(f"{user.name} can reach no Python of this version with our packages")
