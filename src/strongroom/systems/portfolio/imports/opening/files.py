"""Opens what was sent as grids of cells, whatever kind of file it is, and refuses what is dangerous or not a table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from strongroom.kernel.files.archives import OLD_CONTAINER_BEGINS, ZIP_BEGINS, refused_container
from strongroom.kernel.files.unreadable import Unreadable
from strongroom.systems.portfolio.imports.opening.delimited import read_delimited
from strongroom.systems.portfolio.imports.opening.grids import Grid

#: of the file as it is sent
FILE_BYTES_MAX = 20 * 1024 * 1024


def open_grids(content: bytes, name: str, encoding: str | None = None) -> Sequence[Grid]:
    """The sheets of a workbook, in order, or the one grid of a CSV file. Raises Unreadable.

    name: as it was sent, for its ending and for messages; what the file is, its first bytes decide.
    encoding: of a CSV file; found out where its bytes leave no doubt.
    """
    if not content.strip():
        raise Unreadable("the file is empty", "send the file with the figures in it")
    if len(content) > FILE_BYTES_MAX:
        raise Unreadable(f"the file is larger than {FILE_BYTES_MAX // 2**20} MB", "send fewer quarters at once")
    ending = PurePath(name).suffix.lower()
    if content.startswith(OLD_CONTAINER_BEGINS):
        raise refused_container(content)
    if content.startswith(ZIP_BEGINS):
        from strongroom.systems.portfolio.imports.opening.workbooks import (
            read_workbook,  # half a second, for those who need it
        )

        return read_workbook(content)
    if ending in {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}:
        raise Unreadable(
            f"the file is called {ending} and is no workbook", "save it again as .xlsx, or send a CSV file"
        )
    if content.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8", b"<html", b"<!DOCTYPE", b"<?xml", b"{\\rtf")):
        raise Unreadable("the file is neither a workbook nor a CSV file", "save the table as .xlsx or .csv")
    return [read_delimited(content, name, encoding)]
