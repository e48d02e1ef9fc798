"""Makes sure that an .xlsx archive is small, plain and without macros, before anything of it is read as a workbook."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO
from zipfile import ZipFile

from strongroom.kernel.files.unreadable import Unreadable

ZIP_BEGINS = b"PK\x03\x04"
#: the container of Excel 97, and of encrypted workbooks
OLD_CONTAINER_BEGINS = bytes.fromhex("D0CF11E0A1B11AE1")

PARTS_MAX = 2_000
#: packed bytes become at most this many times as many; real workbooks stay below 40
EXPANSION_MAX = 200

_CHUNK_BYTES = 1024 * 1024
_ENCRYPTED_FLAG = 0x1
_TAG_BYTES = 32
_KINDS = "[Content_Types].xml"
_TEXTS = "xl/sharedstrings.xml"
_FORMULA = re.compile(rb"<(?:\w{1,30}:)?f[\s>/]")
_CELL = re.compile(rb"<(?:\w{1,30}:)?c[\s>/]")


@dataclass(frozen=True, slots=True)
class WorkbookLimits:
    """How large a workbook may be. unpacked_bytes: of all parts; text_bytes: of its texts, which are held in memory.

    smaller: how whoever sent it can make it so.
    """

    unpacked_bytes: int
    cells: int
    text_bytes: int | None = None
    smaller: str = "send less at once"


def check_workbook(file: BinaryIO, packed_bytes: int, limits: WorkbookLimits) -> bool:
    """Unpack everything into nothing, counting what comes out: the sizes that an archive declares may be lies.

    Returns whether there are formulas. Raises Unreadable.
    """
    try:
        with ZipFile(file) as archive:
            _check_kind(archive)
            unpacked, texts, cells, has_formulas = 0, 0, 0, False
            limit = min(limits.unpacked_bytes, max(packed_bytes, _CHUNK_BYTES) * EXPANSION_MAX)
            for name, tail, chunk in _chunks(archive):
                unpacked += len(chunk)
                if unpacked > limit:
                    fix = "send the figures alone, without other sheets"
                    raise Unreadable(f"the workbook unpacks to more than {limit // 2**20} MB", fix)
                texts += len(chunk) if name.lower() == _TEXTS else 0
                if limits.text_bytes is not None and texts > limits.text_bytes:
                    raise Unreadable(
                        f"the workbook has more than {limits.text_bytes // 2**20} MB of text", limits.smaller
                    )
                cells += len(_CELL.findall(tail + chunk))
                has_formulas = has_formulas or bool(_FORMULA.search(tail + chunk))
                if cells > limits.cells:
                    raise Unreadable(f"the workbook has more than {limits.cells:,} cells", limits.smaller)
            return has_formulas
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise damaged_workbook() from error


def damaged_workbook() -> Unreadable:
    """The refusal of a workbook that cannot be read to its end."""
    return Unreadable("the workbook is damaged", "open it in Excel and save it again as .xlsx")


def refused_container(beginning: bytes) -> Unreadable:
    """Why a file in the old container is not read. beginning: some kilobytes of it at least."""
    if "EncryptedPackage".encode("utf-16-le") in beginning:
        return Unreadable("the workbook is encrypted", "remove its password and save it again")
    return Unreadable("the workbook is in the format of Excel 97", "save it as .xlsx")


def _chunks(archive: ZipFile) -> Iterator[tuple[str, bytes, bytes]]:
    """The contents of all parts, a piece at a time: name, the end of the piece before it, the piece."""
    for part in archive.infolist():
        with archive.open(part) as stream:
            tail = b""
            while chunk := stream.read(_CHUNK_BYTES):
                yield part.filename, tail, chunk
                tail = chunk[-_TAG_BYTES:]


def _check_kind(archive: ZipFile) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if len(parts) > PARTS_MAX:
        raise Unreadable(f"the workbook has more than {PARTS_MAX} parts", "save it again as .xlsx")
    if any(part.flag_bits & _ENCRYPTED_FLAG for part in parts):
        raise Unreadable("the workbook is encrypted", "remove its password and save it again")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Unreadable("the workbook holds macros", "save it as .xlsx, which leaves them out")
    if "xl/workbook.bin" in names:
        raise Unreadable("the workbook is in Excel's binary format", "save it as .xlsx")
    if _KINDS not in names or not any(name.startswith("xl/") for name in names):
        raise Unreadable("the file is an archive, but no workbook of Excel", "save the table as .xlsx or .csv")
    with archive.open(_KINDS) as stream:
        if b"macroEnabled" in stream.read(_CHUNK_BYTES):
            raise Unreadable("the workbook holds macros", "save it as .xlsx, which leaves them out")
