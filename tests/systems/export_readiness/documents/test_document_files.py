"""The files themselves, read back: every type, hostile text, letters no font has."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from fontTools.ttLib import TTFont

from strongroom.kernel.errors import ConfigurationError
from strongroom.kernel.values import new_id
from strongroom.systems.export_readiness.documents import Format, Paper, build_paper, file_name, render
from strongroom.systems.export_readiness.documents.layouts import LAYOUTS
from strongroom.systems.export_readiness.documents.pdf import Sheet, fonts_folder
from strongroom.systems.export_readiness.models import GeneratedDocument, Report
from strongroom.systems.export_readiness.rules import DocumentTypeEnum
from strongroom.systems.export_readiness.rules.validation import MANDATORY

HOSTILE = "{{ 7*7 }} {% for x in y %} <script>alert(1)</script> **b** =1+1 \u202egnp.exe & ]]>"


def paper_of(kind: DocumentTypeEnum = DocumentTypeEnum.COMMERCIAL_INVOICE, /, **data: Any) -> Paper:
    report = Report(
        user_id=new_id(),
        product_name="Turmeric powder",
        destination_country="United States",
        business_type="Merchant",
        company_size="Micro",
        hs_code="091030",
    )
    document = GeneratedDocument(
        report_id=report.id,
        document_type=kind,
        document_data=data,
        validation_results={"is_valid": False, "errors": [{"field": "items", "message": "is missing"}], "warnings": []},
        updated_at=datetime(2026, 11, 21, tzinfo=UTC),
    )
    return build_paper(document, report)


def text_of(docx: bytes) -> str:
    document = Document(io.BytesIO(docx))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def letters_of(font: Path) -> set[int]:
    with TTFont(font) as opened:
        return set(opened.getBestCmap() or ())


@pytest.mark.parametrize("kind", DocumentTypeEnum)
def test_every_type_of_document_is_written_as_both_files(kind: DocumentTypeEnum) -> None:
    data = {field: f"value of {field}" for field in MANDATORY[kind] if field != "items"}
    paper = paper_of(kind, **data, items=[{"description": "Turmeric powder", "quantity": 2}])
    assert render(paper, Format.PDF).startswith(b"%PDF-")
    text = text_of(render(paper, Format.DOCX))
    assert all(value in text for value in data.values())
    assert "Turmeric powder" in text
    assert "0910.30" in text


def test_every_mandatory_field_has_a_place_of_its_own() -> None:
    assert {kind: set(MANDATORY[kind]) - LAYOUTS[kind].keys for kind in DocumentTypeEnum} == {
        kind: set() for kind in DocumentTypeEnum
    }


def test_text_is_written_as_it_is_and_never_obeyed() -> None:
    paper = paper_of(exporter_name=HOSTILE, items=[{"description": HOSTILE}], **{HOSTILE: HOSTILE})
    written = HOSTILE.replace("\u202e", " ")
    docx = render(paper, Format.DOCX)
    assert text_of(docx).count(written) == 4
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        body = archive.read("word/document.xml")
    assert b"<script" not in body
    assert b"instrText" not in body
    assert b"/JavaScript" not in render(paper, Format.PDF)


def test_the_rupee_and_greek_cyrillic_and_arabic_names_have_letters_in_the_pdf() -> None:
    paper = paper_of(exporter_name="₹ Ελλάς Москва شركة")
    with closing(Sheet(paper, ())) as sheet:
        assert [sheet.shown(text) for text in paper.texts()] == list(paper.texts())
        assert sheet.missing == set()


def test_a_letter_without_a_font_is_said_to_be_missing_and_stands_in_the_word_file() -> None:
    paper = paper_of(exporter_name="आशा फूड्स")
    with closing(Sheet(paper, ())) as sheet:
        assert set(sheet.shown("आशा")) == {"□"}
        assert sheet.missing == set("आशा")
    assert "आशा फूड्स" in text_of(render(paper, Format.DOCX))
    assert len(render(paper, Format.PDF)) > 0


def test_another_font_gives_the_letters_that_the_first_one_lacks() -> None:
    folder = fonts_folder()
    other = folder / "STIXGeneral.ttf"
    known, first = (letters_of(path) for path in (other, folder / "DejaVuSans.ttf"))
    letter = chr(min(code for code in known - first if chr(code).isprintable()))
    paper = paper_of(exporter_name=letter)
    for fonts, shown in (((), "□"), ((other,), letter)):
        with closing(Sheet(paper, fonts)) as sheet:
            assert sheet.shown(letter) == shown
    assert len(render(paper, Format.PDF, [other])) > 0


def test_a_file_that_is_no_font_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    with pytest.raises(ConfigurationError, match=r"broken\.ttf"):
        render(paper_of(), Format.PDF, [tmp_path / "broken.ttf"])


def test_the_same_document_gives_the_same_pdf() -> None:
    paper = paper_of(invoice_number="1")
    assert render(paper, Format.PDF) == render(paper, Format.PDF)


def test_a_draft_says_that_it_is_one_and_what_to_correct() -> None:
    text = text_of(render(paper_of(), Format.DOCX))
    assert "DRAFT: 1 to correct" in text
    assert "items: is missing" in text


def test_a_long_list_goes_on_over_pages() -> None:
    items = [{"description": "Turmeric powder, " * 8, "quantity": number} for number in range(60)]
    assert render(paper_of(items=items), Format.PDF).count(b"/Type /Page\n") > 2


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("INV/2026-7", "commercial-invoice-inv-2026-7.pdf"),
        ("../../etc/passwd", "commercial-invoice-etc-passwd.pdf"),
        ('a"\r\nSet-Cookie: x', "commercial-invoice-a-set-cookie-x.pdf"),
        ("आशा", "commercial-invoice.pdf"),
        ("9" * 500, f"commercial-invoice-{'9' * 61}.pdf"),
    ],
)
def test_the_name_of_a_file_holds_nothing_that_leads_elsewhere(number: str, name: str) -> None:
    assert file_name(paper_of(invoice_number=number), Format.PDF) == name


def test_the_libraries_are_loaded_only_when_a_file_is_asked_for() -> None:
    code = (
        "import sys; import strongroom.systems.export_readiness.system, strongroom.systems.export_readiness.documents; "
        "sys.exit(bool({'docx', 'fpdf', 'matplotlib'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
