"""Writes a document as a Word file, to be worked on; it holds letters of every script and leaves fonts to Word."""

from __future__ import annotations

import io

from docx import Document
from docx.document import Document as WordDocument
from docx.shared import Pt, RGBColor
from docx.table import _Cell

from strongroom.systems.export_readiness.documents.papers import Block, Facts, Paper, Table, Words

_GRID = "Table Grid"
_PLAIN = Pt(10)
_WARNING = RGBColor(0xB0, 0x30, 0x10)


def as_docx(paper: Paper) -> bytes:
    """Every text of it is a run of its own, never a field, a formula or a template."""
    document = Document()
    document.styles["Normal"].font.size = _PLAIN
    properties = document.core_properties
    properties.title, properties.author, properties.comments = paper.title, "", ""
    properties.created = properties.modified = paper.made_at
    section = document.sections[0]
    section.header.paragraphs[0].text = f"{paper.title} {paper.number}".strip()
    section.footer.paragraphs[0].text = paper.reference
    document.add_heading(paper.title, level=0)
    if paper.banner:
        banner = document.add_paragraph().add_run(paper.banner)
        banner.bold, banner.font.color.rgb = True, _WARNING
    for block in paper.blocks:
        document.add_heading(block.heading, level=2)
        _write(document, block)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _write(document: WordDocument, block: Block) -> None:
    match block:
        case Words():
            for paragraph in block.paragraphs:
                document.add_paragraph(paragraph)
        case Facts():
            _grid(document, block.rows, has_bold_column=True)
        case Table():
            _grid(document, (block.columns, *block.rows), has_bold_row=True)


def _grid(
    document: WordDocument,
    rows: tuple[tuple[str, ...], ...],
    *,
    has_bold_row: bool = False,
    has_bold_column: bool = False,
) -> None:
    table = document.add_table(rows=0, cols=len(rows[0]), style=_GRID)
    for number, texts in enumerate(rows):
        for column, (cell, text) in enumerate(zip(table.add_row().cells, texts, strict=True)):
            _fill(cell, text, is_bold=(has_bold_row and number == 0) or (has_bold_column and column == 0))


def _fill(cell: _Cell, text: str, *, is_bold: bool) -> None:
    cell.paragraphs[0].add_run(text).bold = is_bold
