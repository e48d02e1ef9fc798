"""Who the server runs as and where its files live: PostgreSQL refuses root, root's paths refuse others."""

from __future__ import annotations

import contextlib
import hashlib
import os
import pwd
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from strongroom.kernel.errors import EmbeddedUnavailable

STEP_DOWN_USERS = ("postgres", "nobody")
PRIVATE_PLACES = ("/var/lib/strongroom", "/var/tmp/strongroom")  # noqa: S108 - ownership is checked before use
POINTER_NAME = "MOVED"
LONGEST_SOCKET_PATH_BYTES = 99  # the kernel's limit is 107 on Linux and 103 on macOS
SOCKET_NAME = ".s.PGSQL.65535"


@dataclass(frozen=True, slots=True)
class ServerUser:
    """The ordinary OS user the server runs as; when that is not ourselves, we are root and step down."""

    name: str
    uid: int
    gid: int

    @property
    def is_ourselves(self) -> bool:
        return self.uid == os.geteuid()

    def as_child(self) -> dict[str, Any]:
        """Arguments for subprocess: a child with this user's rights and none of root's groups."""
        if self.is_ourselves:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def run(self, *command: str, timeout_s: float | None = None) -> subprocess.CompletedProcess[str]:
        """Runs a command to its end as this user; the output is captured, a failure is not raised."""
        return subprocess.run(  # noqa: S603 - every command is built here, from binaries we found ourselves
            command,
            cwd="/",  # a folder every user may enter
            env=plain_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout_s,
            **self.as_child(),
        )

    def can_enter(self, folder: Path) -> bool:
        # Asked by trying: permissions, ACLs and mounts have the last word, not our reading of the mode bits.
        return self.is_ourselves or self.run("/bin/sh", "-c", 'test -x "$0"', str(folder)).returncode == 0

    def can_run(self, program: str) -> bool:
        try:
            return self.is_ourselves or self.run(program, "--version").returncode == 0
        except PermissionError:
            return False

    def make_folder(self, folder: Path) -> None:
        """A folder of this user alone (0700); one that exists is kept if it is just that, else refused."""
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            status = folder.lstat()
            if not stat.S_ISDIR(status.st_mode) or status.st_uid != self.uid or status.st_mode & 0o077:
                raise EmbeddedUnavailable(
                    reason=f"{folder} must be a folder that belongs to {self.name}, with mode 0700"
                ) from None
        else:
            self.take(folder)

    def open_file(self, path: Path, flags: int) -> int:
        """A file of this user's (0600), made when missing, never through a link; returns its descriptor."""
        descriptor = os.open(path, flags | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        if not self.is_ourselves:
            os.fchown(descriptor, self.uid, self.gid)
        return descriptor

    def take(self, path: Path) -> None:
        if not self.is_ourselves:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def plain_environment() -> dict[str, str]:
    """Nothing of ours leaks into the server: no PG* variables, no secrets, messages in English."""
    return {"PATH": os.defpath, "LC_ALL": "C"}


def choose_home(data_dir: Path) -> tuple[Path, ServerUser]:
    """Where the server's files live, and who runs it.

    That is data_dir, created when missing, unless we are root and the user we step down to cannot enter it.
    What exists is found again, never silently left for an empty cluster.
    """
    data_dir.mkdir(mode=0o755 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    data_dir = data_dir.resolve()
    cluster, pointer = data_dir / "cluster", data_dir / POINTER_NAME
    user = _owner(cluster) if cluster.exists() else _default_user()
    if cluster.exists():
        if not user.can_enter(data_dir):
            raise EmbeddedUnavailable(
                reason=f"{user.name}, who owns {cluster}, can no longer enter {data_dir}; "
                "allow it again with chmod o+x on the folders above"
            )
        return data_dir, user
    if pointer.exists():
        return _follow(pointer, user)
    if user.can_enter(data_dir):
        return data_dir, user
    home = _home_elsewhere(data_dir)
    _make_open_folder(home)
    pointer.write_text(
        f"The user {user.name} runs the database and cannot enter this folder, so its files are in\n{home}\n"
    )
    return home, user


def choose_socket_folder(home: Path, user: ServerUser) -> Path:
    """A folder only the server's user may enter; outside home when the socket's path would be too long."""
    folder = home / "socket"
    if not _fits(folder):
        runtime = Path(f"/run/user/{user.uid}")
        base = runtime if os.access(runtime, os.W_OK) else Path(tempfile.gettempdir())
        folder = base / f"strongroom-{user.uid}-{_short_hash(home)}"
        if not _fits(folder):
            raise EmbeddedUnavailable(reason=f"{folder} is too long a path for a socket; set TMPDIR to a short one")
    user.make_folder(folder)
    return folder


def private_place() -> Path:
    """A folder of root's that everybody may enter and nobody else may change. Raises EmbeddedUnavailable."""
    for place in map(Path, PRIVATE_PLACES):
        try:
            _make_open_folder(place)
        except OSError:
            continue
        status = place.lstat()
        if stat.S_ISDIR(status.st_mode) and status.st_uid == 0 and not status.st_mode & 0o022:
            return place
    raise EmbeddedUnavailable(
        reason=f"neither {' nor '.join(PRIVATE_PLACES)} is a folder of root's that only root can write to"
    )


def _make_open_folder(folder: Path) -> None:
    with contextlib.suppress(FileExistsError):
        folder.mkdir()
        folder.chmod(0o755)  # whatever the umask says


def _default_user() -> ServerUser:
    if os.geteuid() != 0:
        return _known_user(os.geteuid())
    for name in STEP_DOWN_USERS:
        try:
            return _known_user(pwd.getpwnam(name).pw_uid)
        except KeyError:
            continue
    raise EmbeddedUnavailable(
        reason=f"PostgreSQL refuses to run as root, and no user {' or '.join(STEP_DOWN_USERS)} exists"
    )


def _owner(cluster: Path) -> ServerUser:
    uid = cluster.stat().st_uid
    if uid == 0:
        raise EmbeddedUnavailable(reason=f"{cluster} belongs to root, as whom PostgreSQL does not run; chown it")
    if os.geteuid() not in (0, uid):
        raise EmbeddedUnavailable(reason=f"{cluster} belongs to user {uid}; run as that user or as root")
    return _known_user(uid)


def _known_user(uid: int) -> ServerUser:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise EmbeddedUnavailable(
            reason=f"PostgreSQL needs a user with a name and user id {uid} has none; "
            "run as a named user, or set DATABASE_URL to a server that runs elsewhere"
        ) from None
    return ServerUser(name=entry.pw_name, uid=uid, gid=entry.pw_gid)


def _follow(pointer: Path, user: ServerUser) -> tuple[Path, ServerUser]:
    noted = Path(pointer.read_text().splitlines()[-1])
    if os.geteuid() != 0:
        raise EmbeddedUnavailable(reason=f"root made this database, in {noted}; run as root or choose another folder")
    home = _home_elsewhere(pointer.parent)
    if noted != home and noted.exists():
        raise EmbeddedUnavailable(
            reason=f"{pointer.parent} was moved or copied and its database is still in {noted}; to take it "
            f"along, rename that folder to {home} and delete {pointer}; to begin anew, only delete {pointer}"
        )
    _make_open_folder(home)
    return home, _owner(home / "cluster") if (home / "cluster").exists() else user


def _home_elsewhere(data_dir: Path) -> Path:
    return private_place() / f"{data_dir.name.lstrip('.')}-{_short_hash(data_dir)}"


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _fits(folder: Path) -> bool:
    path = os.fsencode(folder / SOCKET_NAME)
    return len(path) <= LONGEST_SOCKET_PATH_BYTES and b"," not in path  # both ends read a comma as a list
