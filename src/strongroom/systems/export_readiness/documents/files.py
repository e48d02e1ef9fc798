"""The kinds of file a document is written as."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from strongroom.systems.export_readiness.documents.papers import Paper


class Format(StrEnum):
    """What a document can be asked for as; the value is the ending of the file."""

    PDF = "pdf"
    DOCX = "docx"


MEDIA_TYPES: Mapping[Format, str] = MappingProxyType(
    {
        Format.PDF: "application/pdf",
        Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    }
)
_NOT_IN_A_NAME = re.compile(r"[^a-z0-9]+")


def render(paper: Paper, kind: Format, fonts: Sequence[Path] = ()) -> bytes:
    """The file. It takes a moment and no database: call it outside the transaction, in a thread.

    fonts: files of TrueType or OpenType fonts that a PDF turns to, in this order, for letters the first font lacks.
    """
    if kind is Format.PDF:
        from strongroom.systems.export_readiness.documents.pdf import as_pdf

        return as_pdf(paper, fonts)
    from strongroom.systems.export_readiness.documents.word import as_docx

    return as_docx(paper)


def file_name(paper: Paper, kind: Format) -> str:
    """commercial-invoice-inv-2026-7.pdf: small letters, digits and hyphens of ASCII, whatever the number says."""
    words = _NOT_IN_A_NAME.sub("-", f"{paper.title} {paper.number}".lower()).strip("-")
    return f"{words[:80].rstrip('-')}.{kind.value}"
