"""One cluster on disk: made whole or not at all, and what it tells about a server that may run on it."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psutil

from strongroom.kernel.engines.embedded.binaries import Binaries
from strongroom.kernel.engines.embedded.ownership import ServerUser
from strongroom.kernel.errors import EmbeddedUnavailable

ROLE = "strongroom"
INITDB_TIMEOUT_S = 120
UNFINISHED = "cluster.unfinished-"

# Written once into postgresql.conf, where ALTER SYSTEM and the owner of the data may change them.
FIRST_SETTINGS = {
    "shared_buffers": "128MB",
    "jit": "off",  # compiling costs more than it saves on short statements
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "log_lock_waits": "on",
    "log_error_verbosity": "terse",  # DETAIL lines repeat the values of rows
}


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A live postmaster of this cluster; is_ready: it accepts connections."""

    process: psutil.Process
    socket_folder: Path
    port: int
    is_ready: bool


def find_version(cluster: Path) -> int | None:
    """The major version that made the cluster; None when there is none yet."""
    try:
        return int((cluster / "PG_VERSION").read_text())
    except FileNotFoundError:
        return None


def check_version(cluster: Path, binaries: Binaries) -> None:
    made_by = find_version(cluster)
    if made_by not in (None, binaries.version):
        raise EmbeddedUnavailable(
            reason=f"PostgreSQL {made_by} made {cluster} and PostgreSQL {binaries.version} cannot open it; "
            f"go on with {made_by}, or dump it with {made_by} (pg_dump) and restore it into an empty folder"
        )


def create(cluster: Path, binaries: Binaries, user: ServerUser, *, durable: bool) -> None:
    """Makes an empty cluster with checksums; durable=False skips fsync, for data nobody will miss."""
    for leftover in cluster.parent.glob(f"{UNFINISHED}*"):  # of a crash: a cluster gets its name only when it is whole
        shutil.rmtree(leftover, ignore_errors=True)
    unfinished = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=cluster.parent))
    user.take(unfinished)
    made = user.run(
        binaries.tool("initdb"), "--pgdata", str(unfinished), "--username", ROLE, "--auth", "peer",
        "--encoding", "UTF8", "--data-checksums", *_locale(binaries), *([] if durable else ["--no-sync"]),
        timeout_s=INITDB_TIMEOUT_S,
    )  # fmt: skip
    if made.returncode != 0:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise EmbeddedUnavailable(reason=f"initdb failed in {cluster.parent}: {made.stderr.strip()}")
    with (unfinished / "postgresql.conf").open("a") as file:
        file.writelines(f"{name} = '{value}'\n" for name, value in FIRST_SETTINGS.items())
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(cluster)
    _sync_folder(cluster.parent)


def find_running(cluster: Path) -> RunningServer | None:
    """The server that runs on this cluster, whoever started it; a zombie or another program's pid is none."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
        process = psutil.Process(int(lines[0]))
        # A postmaster's working directory is its cluster, however the path to it was written.
        is_ours = is_alive(process) and process.name() == "postgres" and cluster.samefile(process.cwd())
    except (FileNotFoundError, IndexError, ValueError, psutil.Error):
        return None
    if not is_ours or len(lines) < 5:
        return None
    is_ready = len(lines) >= 8 and lines[7].strip() == "ready"
    return RunningServer(process, socket_folder=Path(lines[4]), port=int(lines[3]), is_ready=is_ready)


def is_alive(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def disown_dead_server(cluster: Path, socket_folder: Path, user: ServerUser) -> None:
    """Makes way for a new server after a crash; only for the holder of the lock, when find_running says None.

    A pid that is a zombie, or was given to another program, looks alive to PostgreSQL, which then refuses to
    start. It does take its own parent's pid for a stale one, so ours is written in its place. The file must
    stay: its last lines tell PostgreSQL whether children of the dead server still hold the shared memory.
    """
    for leftover in socket_folder.glob(".s.PGSQL.*"):
        leftover.unlink(missing_ok=True)
    pid_file = cluster / "postmaster.pid"
    if pid_file.exists():
        _, *rest = pid_file.read_text().splitlines() or [""]
        renewed = cluster / "postmaster.pid.strongroom"
        renewed.unlink(missing_ok=True)
        renewed.write_text("\n".join([str(os.getpid()), *rest]) + "\n")
        user.take(renewed)
        renewed.replace(pid_file)


def write_access_rules(home: Path, user: ServerUser) -> None:
    """Who may log in: the server's user and root, for whom the operating system vouches; no password.

    TCP, when it is switched on, asks for a SCRAM password, and a role has none until one is set.
    """
    names = dict.fromkeys(["root", user.name])
    _replace(home / "pg_ident.conf", "".join(f'{ROLE} "{name}" {ROLE}\n' for name in names))
    _replace(
        home / "pg_hba.conf",
        "# Written at every start.\n"
        f"local all         all peer map={ROLE}\n"
        f"local replication all peer map={ROLE}\n"
        "host  all all 127.0.0.1/32 scram-sha-256\n",
    )


def _locale(binaries: Binaries) -> list[str]:
    if binaries.version >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return ["--locale=C.UTF-8" if sys.platform == "linux" else "--locale=C"]


def _replace(path: Path, text: str) -> None:
    # A new file takes the old one's place, so that a planted link is replaced and never written through.
    renewed = path.with_name(f"{path.name}.new")
    renewed.unlink(missing_ok=True)
    renewed.write_text(text)
    renewed.chmod(0o644)
    renewed.replace(path)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
