"""Files of models: JSON that is what was written, byte for byte, or not read at all."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from strongroom.systems.forecasting.errors import ModelFileRefused
from strongroom.systems.forecasting.rules import PeriodEnum
from strongroom.systems.forecasting.services.artifacts import (
    SavedModel,
    check_libraries,
    library_versions,
    parse_model,
    read_artifact,
    write_artifact,
)
from tests.systems.forecasting.building import FIRST

BYTES_MAX = 100_000
MODEL = SavedModel(
    method="naive",
    horizon=3,
    season_length=12,
    period=PeriodEnum.MONTH,
    first=FIRST,
    values=(Decimal("1.5000"), Decimal("-2.25"), Decimal(3)),
    settings={"category": "revenue"},
    libraries={"numpy": "1.0"},
)


def read(folder: Path, path: str, content_of: Path | None = None, **recorded: Any) -> SavedModel:
    """As the database would have it read, with the checksum of what lies there."""
    digest = hashlib.sha256((content_of or folder / path).read_bytes()).hexdigest()
    return read_artifact(folder, path, {"sha256": digest, **recorded}, bytes_max=BYTES_MAX)


def test_a_model_comes_back_as_it_was_written(tmp_path: Path) -> None:
    artifact = write_artifact(tmp_path, MODEL)
    assert read_artifact(tmp_path, artifact.path, artifact.to_dict(), bytes_max=BYTES_MAX) == MODEL
    file = tmp_path / artifact.path
    assert (artifact.size_bytes, artifact.sha256) == (
        file.stat().st_size,
        hashlib.sha256(file.read_bytes()).hexdigest(),
    )
    assert file.stat().st_mode & 0o077 == 0


def test_the_same_model_is_the_same_file_and_no_draft_is_left(tmp_path: Path) -> None:
    first, again = write_artifact(tmp_path, MODEL), write_artifact(tmp_path, MODEL)
    other = write_artifact(tmp_path, replace(MODEL, horizon=4))
    assert first == again
    found = sorted(str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*") if file.is_file())
    assert found == sorted([first.path, other.path])


def test_a_write_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        write_artifact(tmp_path, MODEL)
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []


def tamper(file: Path, folder: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b"-2.25", b"-2.35"))


def cut(file: Path, folder: Path) -> None:
    file.write_bytes(file.read_bytes()[:-10])


def swap(file: Path, folder: Path) -> None:
    """Another model of ours, in this one's place."""
    (folder / write_artifact(folder, replace(MODEL, horizon=9)).path).replace(file)


def remove(file: Path, folder: Path) -> None:
    file.unlink()


@pytest.mark.parametrize("change", [tamper, cut, swap, remove])
def test_a_file_that_is_not_the_one_that_was_written_is_refused(
    tmp_path: Path, change: Callable[[Path, Path], None]
) -> None:
    artifact = write_artifact(tmp_path, MODEL)
    change(tmp_path / artifact.path, tmp_path)
    with pytest.raises(ModelFileRefused, match="checksum|not there"):
        read_artifact(tmp_path, artifact.path, artifact.to_dict(), bytes_max=BYTES_MAX)


def test_a_file_nobody_recorded_is_refused(tmp_path: Path) -> None:
    artifact = write_artifact(tmp_path, MODEL)
    for recorded in (None, {}, {"sha256": 5}):
        with pytest.raises(ModelFileRefused, match="no checksum"):
            read_artifact(tmp_path, artifact.path, recorded, bytes_max=BYTES_MAX)


@pytest.mark.parametrize(
    "path",
    ["../secret.json", "/etc/secret.json", "a/../../secret.json", "link.json", "folder/secret.json", "..\\secret.json",
     "secret\0.json", "", "."],
)  # fmt: skip
def test_a_path_that_leads_out_of_the_folder_is_refused_whatever_its_checksum(tmp_path: Path, path: str) -> None:
    folder = tmp_path / "models"
    folder.mkdir()
    secret = tmp_path / "secret.json"
    secret.write_text(json.dumps({"format": "?"}), encoding="utf-8")
    (folder / "link.json").symlink_to(secret)
    (folder / "folder").symlink_to(tmp_path)
    with pytest.raises(ModelFileRefused, match="leads out of the folder"):
        read(folder, path, secret)


def test_what_is_no_plain_file_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "folder.json").mkdir()
    for name in ("pipe.json", "folder.json"):
        with pytest.raises(ModelFileRefused, match="plain file|cannot be opened"):
            read_artifact(tmp_path, name, {"sha256": "-"}, bytes_max=BYTES_MAX)


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    (tmp_path / "large.json").write_bytes(b" " * (BYTES_MAX + 1))
    with pytest.raises(ModelFileRefused, match="larger than"):
        read(tmp_path, "large.json")


class Trap:
    """What a pickle can do to its reader."""

    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return _spring, ("sprung",)


sprung: list[str] = []


def _spring(word: str) -> None:
    sprung.append(word)


@pytest.mark.parametrize("name", ["model.joblib", "model.pkl", "model.json"])
def test_a_pickle_is_refused_under_any_name_and_never_runs(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(pickle.dumps(Trap()))
    with pytest.raises(ModelFileRefused, match="pickle"):
        read(tmp_path, name)
    assert sprung == []


def document() -> dict[str, Any]:
    """What is in the file of the model."""
    values = [str(value) for value in MODEL.values]
    return {
        "format": "strongroom.forecasting.model/1",
        "method": "naive",
        "horizon": 3,
        "season_length": 12,
        "period": "month",
        "series": {
            "first": FIRST.isoformat(),
            "values": values,
            "sha256": hashlib.sha256("\n".join(values).encode()).hexdigest(),
        },
        "settings": {},
        "libraries": {},
    }


def test_a_well_formed_document_is_read() -> None:
    assert parse_model(json.dumps(document()).encode()).values == MODEL.values


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "another"},
        {"method": "__import__('os')"},
        {"horizon": 0},
        {"horizon": "3"},
        {"season_length": True},
        {"period": "hour"},
        {"settings": []},
        {"libraries": {"numpy": 2}},
        {"more": 1},
        {"series": {"first": FIRST.isoformat(), "values": ["1"], "sha256": "-"}},
        {"series": {"first": FIRST.isoformat(), "values": [], "sha256": hashlib.sha256(b"").hexdigest()}},
        {"series": {"first": FIRST.isoformat(), "values": ["NaN"], "sha256": hashlib.sha256(b"NaN").hexdigest()}},
        {"series": {"first": "2020-01-01", "values": ["1"], "sha256": hashlib.sha256(b"1").hexdigest()}},
        {"series": None},
    ],
)
def test_a_document_that_is_not_a_model_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ModelFileRefused):
        parse_model(json.dumps({**document(), **changes}).encode())


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[1]", b'{"a": NaN}', b"[" * 60_000])
def test_what_is_no_json_is_refused(content: bytes) -> None:
    with pytest.raises(ModelFileRefused):
        parse_model(content)


def test_other_libraries_are_named() -> None:
    check_libraries(replace(MODEL, libraries=library_versions()))
    with pytest.raises(ModelFileRefused, match=r"numpy 1\.0"):
        check_libraries(MODEL)
