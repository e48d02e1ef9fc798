"""Finds out by its first bytes what a file is, and refuses what is no table before any cell of it is looked at."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import BinaryIO

from strongroom.kernel.files import Unreadable
from strongroom.kernel.files.archives import OLD_CONTAINER_BEGINS, ZIP_BEGINS, refused_container
from strongroom.systems.forecasting.errors import UploadUnreadable
from strongroom.systems.forecasting.imports.sources.delimited import DelimitedSource
from strongroom.systems.forecasting.imports.sources.tables import FILE_BYTES_MAX, Source

_PARQUET_BEGINS = b"PAR1"
_NO_TABLES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"<html", b"<!DOCTYPE", b"<?xml", b"{\\rtf", b"\x1f\x8b", b"BZh")
_WORKBOOK_ENDINGS = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}
_BEGINNING_BYTES = 64 * 1024


def open_source(
    file: BinaryIO, name: str, *, encoding: str | None = None, delimiter: str | None = None, sheet: str | None = None
) -> Source:
    """The file as rows of cells. file: can be sought in, and stays open as long as it is read.

    name: as it was sent, for its ending and for messages. encoding, delimiter: of text; sheet: of a workbook.
    Raises Unreadable.
    """
    file.seek(0, os.SEEK_END)
    size = file.tell()
    if size > FILE_BYTES_MAX:
        raise Unreadable(f"the file is larger than {FILE_BYTES_MAX // 2**20} MB", "send it in parts")
    file.seek(0)
    beginning = file.read(_BEGINNING_BYTES)
    if not beginning.strip():
        raise Unreadable("the file is empty", "send the file with the values in it")
    ending = PurePath(name).suffix.lower()
    if beginning.startswith(OLD_CONTAINER_BEGINS):
        file.seek(0)
        raise refused_container(file.read(4 * 1024 * 1024))
    # openpyxl and pyarrow take half a second to import, for those who need them
    if beginning.startswith(ZIP_BEGINS):
        from strongroom.systems.forecasting.imports.sources.workbooks import WorkbookSource

        return WorkbookSource(file, size, sheet)
    if beginning.startswith(_PARQUET_BEGINS):
        from strongroom.systems.forecasting.imports.sources.columnar import ColumnarSource

        return ColumnarSource(file)
    if ending in _WORKBOOK_ENDINGS or ending == ".parquet":
        raise Unreadable(f"the file is called {ending} and is none", "save it again, or send a CSV file")
    if beginning.startswith(_NO_TABLES):
        raise Unreadable("the file is neither a workbook, nor Parquet, nor CSV", "save the table as .xlsx or .csv")
    return DelimitedSource(file, encoding, delimiter)


@contextmanager
def opened(file: Path | BinaryIO) -> Iterator[BinaryIO]:
    """The file, opened for as long as the block lasts when a path is given."""
    if isinstance(file, Path):
        with file.open("rb") as stream:
            yield stream
    else:
        yield file


@contextmanager
def naming(name: str) -> Iterator[None]:
    """Turns a refusal by a reader into the error that names the file."""
    try:
        yield
    except Unreadable as error:
        where = f" (line {error.row})" if error.row else ""
        raise UploadUnreadable(file=name, reason=f"{error.reason}{where}", fix=error.fix, line=error.row) from error
