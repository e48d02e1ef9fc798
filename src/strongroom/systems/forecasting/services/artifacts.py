"""Trained models as files: JSON, which cannot run code, under the name of its own SHA-256.

A model is what was learnt from and how: the series itself, the method and its settings. Fitting again what was fitted
takes seconds and gives the same forecasts, where a pickled object would be a program from a stranger. A file appears
whole or not at all, and is held against the checksum in the database before any of it is believed.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Any, NoReturn

from strongroom.kernel.tables import canonical_json
from strongroom.systems.forecasting.errors import ModelFileRefused
from strongroom.systems.forecasting.methods import METHODS
from strongroom.systems.forecasting.rules import PeriodEnum
from strongroom.systems.forecasting.rules.calendars import WEEKDAYS, Calendar

FORMAT = "strongroom.forecasting.model/1"
#: what a forecast depends on, beside the file
LIBRARIES = ("numpy", "scikit-learn", "scipy", "statsforecast")

_PICKLE = b"\x80"
_NAME = re.compile(r"([0-9a-f]{2})/\1[0-9a-f]{62}\.json", re.ASCII)
_KEYS = {"format", "method", "horizon", "season_length", "period", "series", "settings", "libraries"}


@dataclass(frozen=True, slots=True)
class SavedModel:
    """All that a forecast is made from.

    first: the beginning of the first period, in UTC; values: one a period, oldest first. settings: how the series was
    read, and its weekdays when it rests on others. libraries: versions it was trained with, by name.
    """

    method: str
    horizon: int
    season_length: int
    period: PeriodEnum
    first: datetime
    values: tuple[Decimal, ...]
    settings: Mapping[str, Any]
    libraries: Mapping[str, str]

    @property
    def calendar(self) -> Calendar:
        """The periods of the series. Raises ValueError for settings that are none of ours."""
        return Calendar.named(self.period, self.settings.get("weekdays", WEEKDAYS))


@dataclass(frozen=True, slots=True)
class Artifact:
    """What the database keeps of a file. path: below the folder of models, with slashes."""

    path: str
    sha256: str
    size_bytes: int
    format: str
    libraries: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """As it stands in a model's hyperparameters; the path has a column of its own."""
        return {
            "format": self.format,
            "sha256": self.sha256,
            "bytes": self.size_bytes,
            "libraries": dict(self.libraries),
        }


def library_versions() -> dict[str, str]:
    """What is installed here, by name."""
    return {name: version(name) for name in LIBRARIES}


def describe_artifact(model: SavedModel) -> Artifact:
    """What the file of this model is, without writing it."""
    content = _as_bytes(model)
    digest = hashlib.sha256(content).hexdigest()
    return Artifact(f"{digest[:2]}/{digest}.json", digest, len(content), FORMAT, model.libraries)


def write_artifact(folder: Path, model: SavedModel) -> Artifact:
    """Write the file, whole or not at all; the same model is the same file, however often it is written."""
    artifact = describe_artifact(model)
    target = folder / artifact.path
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_as_bytes(model))
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, target)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)
    return artifact


def read_artifact(folder: Path, path: str, recorded: Mapping[str, Any] | None, *, bytes_max: int) -> SavedModel:
    """The model in a file that is the one that was recorded, byte for byte.

    path, recorded: as the database has them. Raises ModelFileRefused for anything else, before any of it is read as
    a model.
    """
    digest = (recorded or {}).get("sha256")
    if not isinstance(digest, str):
        _refuse("it was not written here, so there is no checksum to hold it against")
    content = _read(_locate(folder, path), bytes_max)
    if not hmac.compare_digest(hashlib.sha256(content).hexdigest(), digest):
        _refuse("it is not the file that was written: its checksum differs")
    return parse_model(content)


def parse_model(content: bytes) -> SavedModel:
    """The model in the bytes of a file. Raises ModelFileRefused."""
    if content.startswith(_PICKLE):
        _refuse("it is a pickle, which may run code when it is read")
    try:
        document = json.loads(content, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        _refuse("it is no JSON")
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        _refuse(f"its format is not {FORMAT}")
    try:
        return _as_model(document)
    except (KeyError, TypeError, ValueError, InvalidOperation):
        _refuse("something in it is missing, or is not what it should be")


def check_libraries(model: SavedModel) -> None:
    """Raises ModelFileRefused where other versions are installed, which may forecast something else."""
    here = library_versions()
    for name, trained_with in sorted(model.libraries.items()):
        if here.get(name) != trained_with:
            _refuse(f"it was trained with {name} {trained_with}, here is {here.get(name, 'none')}; train it again")


def is_artifact(path: str) -> bool:
    """Whether a file is called as those that are written here."""
    return _NAME.fullmatch(path) is not None


def remove_artifact(folder: Path, path: str) -> bool:
    """Remove a file that was written here, and nothing else. Whether it was there."""
    if not is_artifact(path) or (folder / path).parent.is_symlink():
        return False
    try:
        (folder / path).unlink()
    except FileNotFoundError:
        return False
    return True


def _as_bytes(model: SavedModel) -> bytes:
    values = [str(value) for value in model.values]
    document = {
        "format": FORMAT,
        "method": model.method,
        "horizon": model.horizon,
        "season_length": model.season_length,
        "period": model.period.value,
        "series": {"first": model.first.isoformat(), "values": values, "sha256": _digest_of(values)},
        "settings": dict(model.settings),
        "libraries": dict(model.libraries),
    }
    return canonical_json(document).encode() + b"\n"


def _as_model(document: dict[str, Any]) -> SavedModel:
    """Raises KeyError, TypeError or ValueError."""
    series = document["series"]
    values = [_checked(value, str) for value in series["values"]]
    first = datetime.fromisoformat(series["first"])
    numbers = tuple(Decimal(value) for value in values)
    horizon, season_length = _checked(document["horizon"], int), _checked(document["season_length"], int)
    if (
        document.keys() != _KEYS
        or document["method"] not in METHODS
        or series["sha256"] != _digest_of(values)
        or first.tzinfo is None
        or not numbers
        or not all(number.is_finite() for number in numbers)
        or min(horizon, season_length) < 1
    ):
        raise ValueError
    saved = SavedModel(
        method=document["method"],
        horizon=horizon,
        season_length=season_length,
        period=PeriodEnum(document["period"]),
        first=first,
        values=numbers,
        settings=_checked(document["settings"], dict),
        libraries={_checked(name, str): _checked(number, str) for name, number in document["libraries"].items()},
    )
    if not saved.calendar.holds(first):
        raise ValueError
    return saved


def _checked(value: Any, kind: type) -> Any:
    if not isinstance(value, kind) or isinstance(value, bool):
        raise TypeError
    return value


def _digest_of(values: list[str]) -> str:
    return hashlib.sha256("\n".join(values).encode()).hexdigest()


def _locate(folder: Path, path: str) -> Path:
    """The file, which must lie below the folder whatever links there are. Raises ModelFileRefused."""
    relative = PurePosixPath(path)
    if relative.is_absolute() or "\0" in path or "\\" in path or ".." in relative.parts or not relative.parts:
        _refuse("its path leads out of the folder of models")
    if relative.suffix != ".json":
        _refuse("it is not of a kind that is read: only JSON, never a joblib or pickle file")
    try:
        found = (folder / relative).resolve(strict=True)
    except (OSError, RuntimeError):
        _refuse("it is not there")
    if not found.is_relative_to(folder.resolve()):
        _refuse("its path leads out of the folder of models")
    return found


def _read(file: Path, bytes_max: int) -> bytes:
    """All bytes of a plain file. Raises ModelFileRefused."""
    try:
        # neither through a link that was put there since, nor waiting for the writer of a pipe
        handle = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        _refuse("it cannot be opened")
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        _refuse("it is no plain file")
    with os.fdopen(handle, "rb") as opened:
        content = opened.read(bytes_max + 1)
    if len(content) > bytes_max:
        _refuse(f"it is larger than {bytes_max} bytes")
    return content


def _sync_folder(folder: Path) -> None:
    """Make the new name itself durable, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _refuse_constant(_: str) -> NoReturn:
    raise ValueError("JSON has no NaN and no Infinity")


def _refuse(reason: str) -> NoReturn:
    raise ModelFileRefused(reason=reason)
