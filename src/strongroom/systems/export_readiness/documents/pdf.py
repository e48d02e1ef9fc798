"""Writes a document as a PDF with the fonts inside it, and says so when a letter has none."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import VAlign, XPos, YPos
from fpdf.fonts import FontFace, TTFFont

from strongroom.kernel.errors import ConfigurationError
from strongroom.systems.export_readiness.documents.papers import Block, Facts, Paper, Table, Words

_FAMILY = "DejaVu"
_SIZE, _LINE_MM, _MARGIN_MM = 9, 5, 18
_GREY, _RED = 110, (176, 48, 16)
_MISSING = "□"
_INCOMPLETE = (
    f"{_MISSING} stands for letters that no font at hand can show ({{count}} different ones); the Word file has them."
)
_LABELS_SHARE, _VALUES_SHARE = 30, 70
_COMPLEX = re.compile("[\u0590-\u1cff\ufb1d-\ufdff\ufe70-\ufefe]")


def as_pdf(paper: Paper, fonts: Sequence[Path] = ()) -> bytes:
    """A4. Text is written as text: no markup in it is obeyed. The same paper gives the same bytes.

    Raises ConfigurationError when a font cannot be read.
    """
    with closing(Sheet(paper, fonts)) as sheet:
        sheet.add_page()
        sheet.write_line(paper.title, size=16, is_bold=True)
        if paper.number:
            sheet.write_line(f"No. {paper.number}")
        if paper.banner:
            sheet.set_text_color(*_RED)
            sheet.write_line(paper.banner, is_bold=True)
            sheet.set_text_color(0)
        for block in paper.blocks:
            sheet.ln(3)
            sheet.write_line(block.heading, size=11, is_bold=True)
            _write(sheet, block)
        if sheet.missing:
            sheet.ln(3)
            sheet.write_line(_INCOMPLETE.format(count=len(sheet.missing)))
        return bytes(sheet.output())


class Sheet(FPDF):
    """Pages of one paper, which hold files open until closed. missing: the letters that were replaced so far."""

    def __init__(self, paper: Paper, fonts: Sequence[Path]) -> None:
        super().__init__()
        for path in fonts:
            _check_font(path)
        self._reference = paper.reference
        self.missing: set[str] = set()
        self.set_margin(_MARGIN_MM)
        self.set_auto_page_break(True, _MARGIN_MM)
        self.set_title(paper.title)
        self.set_creation_date(paper.made_at)
        folder = fonts_folder()
        self.add_font(_FAMILY, "", folder / "DejaVuSans.ttf")
        self.add_font(_FAMILY, "B", folder / "DejaVuSans-Bold.ttf")
        families = [f"fallback{number}" for number in range(len(fonts))]
        for family, path in zip(families, fonts, strict=True):
            self.add_font(family, "", path)
        self.set_fallback_fonts(families, exact_match=False)
        # joins the letters of Indic and Arabic scripts; it costs time, so others do without
        self.set_text_shaping(any(_COMPLEX.search(text) for text in paper.texts()))
        self._known = set[int]()
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                self._known |= font.cmap.keys()

    def write_line(self, text: str, *, size: int = _SIZE, is_bold: bool = False) -> None:
        self.set_font(_FAMILY, "B" if is_bold else "", size)
        self.multi_cell(0, size * _LINE_MM / _SIZE, self.shown(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def shown(self, text: str) -> str:
        """The text with a box for every letter that no font has."""
        missing = {sign for sign in text if ord(sign) not in self._known and not sign.isspace()}
        self.missing |= {sign for sign in missing if sign.isprintable()}
        return text.translate({ord(sign): _MISSING if sign.isprintable() else None for sign in missing})

    def footer(self) -> None:
        self.set_y(-_MARGIN_MM + _LINE_MM)
        self.set_font(_FAMILY, "", 7)
        self.set_text_color(_GREY)
        self.cell(0, _LINE_MM, f"{self._reference}   page {self.page_no()}", align="C")
        self.set_text_color(0)

    def close(self) -> None:
        """Let go of the files of its fonts."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.close()


def _write(sheet: Sheet, block: Block) -> None:
    match block:
        case Words():
            for paragraph in block.paragraphs:
                sheet.write_line(paragraph)
        case Facts():
            _grid(sheet, block.rows, (_LABELS_SHARE, _VALUES_SHARE))
        case Table():
            widest = [
                min(max(len(row[column]) for row in (block.columns, *block.rows)), 40) + 3
                for column in range(len(block.columns))
            ]
            _grid(sheet, (block.columns, *block.rows), tuple(widest), has_headings=True)


def _grid(
    sheet: Sheet, rows: tuple[tuple[str, ...], ...], widths: tuple[int, ...], *, has_headings: bool = False
) -> None:
    sheet.set_font(_FAMILY, "", _SIZE)
    with sheet.table(
        col_widths=widths,
        first_row_as_headings=has_headings,
        headings_style=FontFace(emphasis="BOLD"),
        line_height=_LINE_MM,
        text_align="LEFT",
        v_align=VAlign.T,
        padding=1,
    ) as table:
        for texts in rows:
            row = table.row()
            for text in texts:
                row.cell(sheet.shown(text))


def _check_font(path: Path) -> None:
    try:
        # from memory: a font that does not open would leave its file open
        with TTFont(io.BytesIO(path.read_bytes())) as font:
            font.getBestCmap()
    except Exception as error:  # whatever a broken file makes the reader of fonts raise
        raise ConfigurationError(setting="document_fonts", reason=f"{path.name} is no font that can be read") from error


def fonts_folder() -> Path:
    """DejaVu comes with matplotlib; looking for it does not import it."""
    found = find_spec("matplotlib")
    assert found is not None, "matplotlib is installed with this program"
    assert found.submodule_search_locations, "matplotlib is a package"
    return Path(found.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf"
