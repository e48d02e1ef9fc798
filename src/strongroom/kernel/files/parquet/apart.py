"""Has a process of its own read a Parquet file, and believes nothing of what it says but lines of JSON."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, BinaryIO, cast

from strongroom.kernel.files.parquet.claims import damaged
from strongroom.kernel.files.parquet.limits import ParquetLimits
from strongroom.kernel.files.parquet.lines import read_line, unpack
from strongroom.kernel.files.unreadable import Unreadable

_CHILD = "strongroom.kernel.files.parquet.child"
#: all it gets of an environment, beside where modules are found: ours holds secrets
_ENVIRONMENT = {"ARROW_DEFAULT_MEMORY_POOL": "system", "OMP_NUM_THREADS": "1"}
_LINE_BYTES_MAX = 512 * 1024 * 1024


class ParquetApart:
    """A Parquet file of a stranger. names: of the columns that are text, numbers or moments; rows: how many there are.

    file: stays open as long as it is read; its position is left alone where it lies on disk. Raises Unreadable.
    """

    def __init__(self, file: BinaryIO, limits: ParquetLimits) -> None:
        self._limits = limits
        self._file = _on_disk(file)
        if self._file is not file:
            weakref.finalize(self, self._file.close)
        self._begun: subprocess.Popen[bytes] | None = self._start()
        self._end = weakref.finalize(self, _end, self._begun)
        head = _heard(self._begun)
        self.names: list[str] = [str(name) for name in head["names"]]
        self.rows = int(head["rows"])

    def cells(self) -> Iterator[tuple[Any, ...]]:
        """Every row, as often as it is asked for. Raises Unreadable."""
        process, self._begun = self._begun, None
        if process is None:
            process = self._start()
            _heard(process)  # the same as before
        else:
            self._end.detach()
        try:
            while columns := _heard(process).get("columns"):
                yield from _rows(columns, len(self.names))
        finally:
            _end(process)

    def _start(self) -> subprocess.Popen[bytes]:
        descriptor = self._file.fileno()
        process = subprocess.Popen(  # noqa: S603 - our own module, the number of a file and our own limits
            [sys.executable, "-P", "-m", _CHILD, str(descriptor), json.dumps(asdict(self._limits))],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=(descriptor,),
            env={**_ENVIRONMENT, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        try:
            _heard(process)
        except Unreadable:
            raise RuntimeError(f"what reads Parquet files did not start (exit code {process.returncode})") from None
        return process


def _on_disk(file: BinaryIO) -> BinaryIO:
    """The file, or a copy of it where it is none that another process could open."""
    try:
        file.flush()
        file.fileno()
    except (OSError, AttributeError):
        copied = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 - closed with its last reference
        file.seek(0)
        shutil.copyfileobj(file, copied)
        copied.flush()
        return copied
    return file


def _heard(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    """What it says next. Raises Unreadable when that is a refusal, and when it died."""
    assert process.stdout is not None, "it was started with a pipe"
    try:
        document = read_line(process.stdout.readline(_LINE_BYTES_MAX))
    except ValueError:
        _end(process)
        raise damaged() from None
    if refused := document.get("refused"):
        _end(process)
        reason, fix, row = refused
        raise Unreadable(reason, fix, row=row)
    return document


def _rows(columns: list[Any], count: int) -> Iterator[tuple[Any, ...]]:
    try:
        cells = [unpack(column) for column in columns]
        rows = list(zip(*cells, strict=True))
    except (ValueError, TypeError, KeyError, ArithmeticError) as error:
        raise damaged() from error
    if len(cells) != count:
        raise damaged()
    yield from rows


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.stdout is not None:
        process.stdout.close()
    process.kill()
    process.wait()
