"""Runs one embedded PostgreSQL as our child: started or found again, shared, and stopped by its owner."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Self

import psutil
import psycopg
from sqlalchemy import URL

from strongroom.kernel.engines.embedded import cluster as clusters
from strongroom.kernel.engines.embedded.binaries import Binaries, find_binaries, runnable_by
from strongroom.kernel.engines.embedded.cluster import ROLE, RunningServer
from strongroom.kernel.engines.embedded.ownership import (
    ServerUser,
    choose_home,
    choose_socket_folder,
    plain_environment,
)
from strongroom.kernel.errors import EmbeddedUnavailable

DATABASE = "strongroom"
DEFAULT_PORT = 5432  # names the socket file; nothing listens on it unless tcp_port is given
START_TIMEOUT_S = 300  # replaying the log after a crash may take minutes
JOIN_TIMEOUT_S = 60  # for the owner, another process, to come up with a server
STOP_TIMEOUT_S = 60
POLL_S = 0.01
LARGEST_LOG_BYTES = 10_000_000
LOG_NAME = "server.log"
LOG_TAIL_LINES = 15
DYING_CHILDREN = "pre-existing shared memory block"  # of a server killed a moment ago: wait for them
NO_SETTINGS: Mapping[str, str] = MappingProxyType({})


class EmbeddedServer:
    """One server on one folder.

    data_dir: holds the data, the log and the socket; created when missing.
    binaries: None takes the version that made the data, or the preferred one.
    settings: server settings by name; they win over the cluster's own files.
    tcp_port: also listen on 127.0.0.1; logging in there needs a role with a password.
    durable: False skips the fsync of initdb, for tests; combine with the setting fsync=off.

    The first to start a server owns it. Whoever comes later, also from another process, shares it, whatever
    binaries and settings it asked for, and loses it when the owner stops. An orphan, whose owner was killed,
    is adopted by the next.
    """

    def __init__(
        self,
        data_dir: Path,
        binaries: Binaries | None = None,
        settings: Mapping[str, str] = NO_SETTINGS,
        tcp_port: int | None = None,
        *,
        durable: bool = True,
    ) -> None:
        self.data_dir = data_dir
        self.binaries = binaries
        self.settings = dict(settings)
        self.tcp_port = tcp_port
        self.durable = durable
        self._lock: int | None = None  # open while we own the server; freed by the kernel when we die
        self._child: subprocess.Popen[bytes] | None = None
        self._process: psutil.Process | None = None

    def start(self) -> str:
        """Starts, adopts or joins the server; returns its URL, `postgresql://…`, without a driver.

        Raises EmbeddedUnavailable, with the end of the server's log when it did not come up.
        """
        try:
            home, user = choose_home(self.data_dir)
            running = self._own_or_join(home, user)
            _create_database(running)
        except (OSError, psycopg.Error, subprocess.SubprocessError) as error:
            self.stop()
            raise EmbeddedUnavailable(reason=f"{self.data_dir}: {error}") from error
        except BaseException:
            self.stop()
            raise
        return str(_url(running))

    def stop(self) -> None:
        """Rolls back what is open, stops the server and waits for it; one that is only shared goes on."""
        if self.is_owner and self.is_running:
            self._signal(signal.SIGINT)
            if not self._ended_within(STOP_TIMEOUT_S):
                self._signal(signal.SIGQUIT)  # as safe as a crash: committed rows are in the log
                self._ended_within(STOP_TIMEOUT_S)
        self._let_go()

    def kill(self) -> None:
        """SIGKILL, as a crash would; start() recovers."""
        self._signal(signal.SIGKILL)
        self._ended_within(STOP_TIMEOUT_S)
        self._let_go()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def is_owner(self) -> bool:
        return self._lock is not None

    @property
    def is_running(self) -> bool:
        if self._child is not None:
            return self._child_lives
        return self._process is not None and clusters.is_alive(self._process)

    def _own_or_join(self, home: Path, user: ServerUser) -> RunningServer:
        cluster = home / "cluster"
        begun = time.monotonic()
        launched = False
        while True:
            if self._lock is None:
                self._lock = _try_lock(home / "lock", user)
            running = clusters.find_running(cluster)
            if running is not None and running.is_ready:
                self._process = running.process
                return running
            if running is None and self.is_owner and not self._child_lives:
                if launched and DYING_CHILDREN not in _log_tail(home):
                    raise EmbeddedUnavailable(reason=f"the server did not start; its log ends:\n{_log_tail(home)}")
                self._launch(home, cluster, user)
                launched = True
            if time.monotonic() - begun > (START_TIMEOUT_S if self.is_owner or running else JOIN_TIMEOUT_S):
                raise EmbeddedUnavailable(
                    reason="the server did not get ready in time; a process that owns it may still hang. "
                    f"Its log ends:\n{_log_tail(home)}"
                )
            time.sleep(POLL_S)

    def _launch(self, home: Path, cluster: Path, user: ServerUser) -> None:
        binaries = runnable_by(self._binaries_for(cluster), user)
        clusters.check_version(cluster, binaries)
        if not cluster.exists():
            clusters.create(cluster, binaries, user, durable=self.durable)
        socket_folder = choose_socket_folder(home, user)
        clusters.disown_dead_server(cluster, socket_folder, user)
        clusters.write_access_rules(home, user)
        fixed = {
            "listen_addresses": "127.0.0.1" if self.tcp_port else "",
            "port": str(self.tcp_port or DEFAULT_PORT),
            "unix_socket_directories": str(socket_folder),
            "unix_socket_permissions": "0700",
            "hba_file": str(home / "pg_hba.conf"),
            "ident_file": str(home / "pg_ident.conf"),
            "log_parameter_max_length": "0",
            "log_parameter_max_length_on_error": "0",
        }
        options = [f"--{name}={value}" for name, value in {**fixed, **self.settings}.items()]
        with _open_log(home, user) as log:
            self._child = subprocess.Popen(  # noqa: S603 - the binary is one we found ourselves
                [binaries.tool("postgres"), "-D", str(cluster), *options],
                cwd="/",
                env=plain_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches us alone, and we stop the server in order
                **user.as_child(),
            )

    def _binaries_for(self, cluster: Path) -> Binaries:
        if self.binaries is not None:
            return self.binaries
        try:
            return find_binaries(clusters.find_version(cluster))
        except EmbeddedUnavailable:
            return find_binaries()  # another version: check_version explains

    @property
    def _child_lives(self) -> bool:
        return self._child is not None and self._child.poll() is None  # poll also reaps: no zombie stays

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(psutil.NoSuchProcess):
            if self._child is not None:
                self._child.send_signal(number)
            elif self._process is not None:
                self._process.send_signal(number)

    def _ended_within(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while self.is_running and time.monotonic() < deadline:
            time.sleep(POLL_S)
        return not self.is_running

    def _let_go(self) -> None:
        self._child = self._process = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _try_lock(path: Path, user: ServerUser) -> int | None:
    descriptor = user.open_file(path, os.O_RDWR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _url(running: RunningServer) -> URL:
    query = {"host": str(running.socket_folder), "port": str(running.port)}  # said, or PGPORT would be asked
    return URL.create("postgresql", username=ROLE, database=DATABASE, query=query)


def _create_database(running: RunningServer) -> None:
    with psycopg.connect(
        host=str(running.socket_folder), port=running.port, user=ROLE, dbname="postgres", autocommit=True
    ) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if found is None:
            # Another starter may have been faster: it is there, that is all we want.
            with contextlib.suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                connection.execute(f"CREATE DATABASE {DATABASE}")


def _open_log(home: Path, user: ServerUser) -> BinaryIO:
    path = home / LOG_NAME
    if path.exists() and path.stat().st_size > LARGEST_LOG_BYTES:
        path.replace(path.with_name(f"{LOG_NAME}.1"))
    return os.fdopen(user.open_file(path, os.O_WRONLY | os.O_APPEND), "ab")


def _log_tail(home: Path) -> str:
    """The last lines of the log; nothing when there is none."""
    path = home / LOG_NAME
    lines = path.read_text(errors="replace").splitlines() if path.exists() else []
    return "\n".join(lines[-LOG_TAIL_LINES:])
