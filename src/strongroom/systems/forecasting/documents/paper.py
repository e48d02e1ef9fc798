"""A report as a PDF with its fonts and charts inside."""

from __future__ import annotations

import io
from importlib.util import find_spec
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import VAlign, XPos, YPos
from fpdf.fonts import FontFace, TTFFont

from strongroom.kernel.drawing import ChartFormat, printable
from strongroom.systems.forecasting.charts import course_chart, scenario_chart
from strongroom.systems.forecasting.documents.contents import Table, subtitle_of, tables_of, title_of
from strongroom.systems.forecasting.services.report_documents import ReportDocument

_FAMILY = "DejaVu"
_SIZE, _LINE_MM, _MARGIN_MM = 9, 5, 18
_GREY, _LINES, _BROWN = 89, 200, (138, 58, 0)
_MISSING = "□"


def as_pdf(document: ReportDocument) -> bytes:
    """A4. Text is written as text: no markup in it is obeyed. The same document gives the same bytes."""
    sheet = _Sheet(document)
    sheet.add_page()
    sheet.write_line(title_of(document), size=16, is_bold=True)
    sheet.set_text_color(_GREY)
    sheet.write_line(subtitle_of(document))
    sheet.set_text_color(*_BROWN)
    for warning in document.warnings:
        sheet.write_line(f"Note: {warning}.")
    sheet.set_text_color(0)
    for table in tables_of(document):
        sheet.write_table(table)
    sheet.write_chart("What came and what was forecast", course_chart(document, ChartFormat.PNG))
    if document.scenarios:
        sheet.write_chart("Where it may end", scenario_chart(document, ChartFormat.PNG))
    return bytes(sheet.output())


class _Sheet(FPDF):
    """The pages of one report."""

    def __init__(self, document: ReportDocument) -> None:
        super().__init__()
        self._reference = f"Report {document.report_id}"
        self.set_margin(_MARGIN_MM)
        self.set_line_width(0.1)
        self.set_draw_color(_LINES)
        self.set_auto_page_break(True, _MARGIN_MM)
        self.set_title(printable(title_of(document)))
        self.set_lang("en")
        self.set_creation_date(document.made_at)
        for style, file in (("", "DejaVuSans.ttf"), ("B", "DejaVuSans-Bold.ttf")):
            self.add_font(_FAMILY, style, _fonts_folder() / file)
        fonts = [font for font in self.fonts.values() if isinstance(font, TTFFont)]
        self._known = set.intersection(*(set(font.cmap) for font in fonts))

    def write_line(self, text: str, *, size: int = _SIZE, is_bold: bool = False) -> None:
        self.set_font(_FAMILY, "B" if is_bold else "", size)
        height = size * _LINE_MM / _SIZE
        self.multi_cell(0, height, self._shown(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def write_table(self, table: Table) -> None:
        self.ln(4)
        self._keep_together(_LINE_MM * (len(table.rows) + 3))
        self.write_line(table.heading, size=11, is_bold=True)
        self.set_font(_FAMILY, "", _SIZE)
        longest = [max(len(row[at]) for row in (table.columns, *table.rows)) for at in range(len(table.columns))]
        with self.table(
            col_widths=tuple(min(length, 44) + 3 for length in longest),
            borders_layout="HORIZONTAL_LINES",
            headings_style=FontFace(emphasis="BOLD"),
            line_height=_LINE_MM,
            text_align="LEFT",
            v_align=VAlign.T,
        ) as grid:
            for texts in (table.columns, *table.rows):
                row = grid.row()
                for text in texts:
                    row.cell(self._shown(text))
        if table.note:
            self.write_line(table.note)

    def write_chart(self, words: str, png: bytes) -> None:
        self.ln(4)
        self.image(io.BytesIO(png), w=self.epw, alt_text=f"{words}; the figures are in the tables above.")

    def footer(self) -> None:
        self.set_y(-_MARGIN_MM + _LINE_MM)
        self.set_font(_FAMILY, "", 7)
        self.set_text_color(_GREY)
        self.cell(0, _LINE_MM, f"{self._reference}   page {self.page_no()}", align="C")
        self.set_text_color(0)

    def _keep_together(self, height: float) -> None:
        """On the next page, if it does not fit on this one but would on that."""
        if height < self.eph and self.will_page_break(height):
            self.add_page()

    def _shown(self, text: str) -> str:
        """The text with a box for every letter that the font lacks."""
        return "".join(sign if ord(sign) in self._known else _MISSING for sign in printable(text))


def _fonts_folder() -> Path:
    """DejaVu comes with matplotlib; looking for it does not import it."""
    found = find_spec("matplotlib")
    assert found is not None, "matplotlib is installed with this program"
    assert found.submodule_search_locations, "matplotlib is a package"
    return Path(found.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf"
