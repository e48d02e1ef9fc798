"""Claims about files that are not read at all, and about text that is read whatever its encoding and delimiter."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile
from decimal import Decimal

import pytest

from strongroom.kernel.files.unreadable import Unreadable
from strongroom.systems.portfolio.imports.choices import Choices
from strongroom.systems.portfolio.imports.opening import delimited, workbooks
from strongroom.systems.portfolio.imports.opening.files import FILE_BYTES_MAX, open_grids
from tests.systems.portfolio.imports.sending import csv_of, read, sheet_of, submitted, workbook

OLE = bytes.fromhex("D0CF11E0A1B11AE1")


def archive(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return stream.getvalue()


def changed(content: bytes, **parts: bytes) -> bytes:
    """A workbook with some of its parts replaced, or added."""
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        return archive(**{name: old.read(name) for name in old.namelist()} | parts)


def reason(content: bytes, name: str = "figures.xlsx") -> str:
    with pytest.raises(Unreadable) as refused:
        open_grids(content, name)
    assert refused.value.fix
    return refused.value.reason


@pytest.mark.parametrize("content", [b"", b"  \r\n\t"])
def test_an_empty_file_is_refused(content: bytes) -> None:
    assert reason(content) == "the file is empty"


def test_a_huge_file_is_refused_before_it_is_read() -> None:
    assert reason(b"a" * (FILE_BYTES_MAX + 1), "figures.csv") == "the file is larger than 20 MB"


def test_encrypted_and_old_workbooks_are_refused() -> None:
    assert reason(OLE + bytes(512) + "EncryptedPackage".encode("utf-16-le")) == "the workbook is encrypted"
    assert reason(OLE + bytes(512), "figures.xls") == "the workbook is in the format of Excel 97"


def test_macros_are_refused_whatever_the_file_is_called() -> None:
    plain = workbook(sheet_of())
    assert reason(changed(plain, **{"xl/vbaProject.bin": b"\0"})) == "the workbook holds macros"
    with zipfile.ZipFile(io.BytesIO(plain)) as old:
        kinds = old.read("[Content_Types].xml").replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml")
    assert reason(changed(plain, **{"[Content_Types].xml": kinds})) == "the workbook holds macros"


def test_a_bomb_is_refused_before_it_goes_off() -> None:
    bomb = changed(workbook(sheet_of()), **{"xl/media/bomb.xml": bytes(3 * workbooks.UNPACKED_BYTES_MAX)})
    tracemalloc.start()
    assert reason(bomb) == "the workbook unpacks to more than 48 MB"
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(bomb) < 200_000
    assert most < 20_000_000


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    honest = changed(workbook(sheet_of()), **{"xl/media/bomb.xml": bytes(workbooks.UNPACKED_BYTES_MAX + 1)})
    size = (workbooks.UNPACKED_BYTES_MAX + 1).to_bytes(4, "little")
    assert honest.count(size) == 2
    assert reason(honest.replace(size, (100).to_bytes(4, "little"))) == "the workbook is damaged"


def test_entities_are_refused_before_they_expand() -> None:
    content = workbook(sheet_of())
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        sheet = old.read("xl/worksheets/sheet1.xml")
    assert sheet.count(b"<v>1000</v>") == 1
    laughing = b'<!DOCTYPE worksheet [<!ENTITY laugh "1000">]>' + sheet.replace(b"<v>1000</v>", b"<v>&laugh;</v>")
    assert reason(changed(content, **{"xl/worksheets/sheet1.xml": laughing})) == "the workbook is damaged"


def test_other_archives_and_damaged_workbooks_are_refused() -> None:
    assert "no workbook of Excel" in reason(archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"))
    assert reason(workbook(sheet_of())[:-200]) == "the workbook is damaged"
    assert reason(changed(workbook(sheet_of()), **{"xl/workbook.xml": b"<workbook"})) == "the workbook is damaged"
    assert "binary format" in reason(changed(workbook(sheet_of()), **{"xl/workbook.bin": b"\0"}))


def test_a_cell_in_the_last_corner_of_a_sheet_costs_nothing() -> None:
    content = workbook(sheet_of())
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        sheet = old.read("xl/worksheets/sheet1.xml")
    corner = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    wide = changed(content, **{"xl/worksheets/sheet1.xml": sheet.replace(b"</sheetData>", corner)})
    assert len(submitted(read(wide, "figures.xlsx"))) == 1


def test_more_cells_than_any_report_has_are_refused_before_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "CELLS_MAX", 20)
    assert reason(workbook(sheet_of())) == "the workbook has more than 20 cells"
    monkeypatch.setattr(delimited, "CELLS_MAX", 20)
    assert reason(csv_of(sheet_of()).encode(), "figures.csv") == "the file has more than 20 cells"


@pytest.mark.parametrize("value", ["1" * 30_000 + "x", "(" * 30_000, "Q1 " * 10_000, "a " * 15_000])
def test_long_texts_cost_nothing(value: str) -> None:
    started = time.perf_counter()
    for column in ("Total_revenue", "Quarter", "Company"):
        assert len(read(workbook(sheet_of(**{column: value, value: 1}))).problems) >= 1
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize("beginning", [b"%PDF-1.7", b"\x89PNG\r\n", b"<html>", b"{\\rtf1"])
def test_what_is_no_table_is_refused(beginning: bytes) -> None:
    assert reason(beginning + b" ...", "figures.csv") == "the file is neither a workbook nor a CSV file"


def test_a_csv_file_that_is_called_a_workbook_is_refused() -> None:
    assert reason(csv_of(sheet_of()).encode()) == "the file is called .xlsx and is no workbook"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_text_is_read_whatever_its_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    rows = sheet_of(Company="Märzen GmbH")
    [(name, _)] = submitted(read(csv_of(rows, delimiter).encode(encoding)))
    assert name == "Märzen GmbH"


def test_an_encoding_that_cannot_be_proven_has_to_be_told() -> None:
    content = csv_of(sheet_of(Company="Märzen GmbH")).encode("cp1252")
    with pytest.raises(Unreadable) as refused:
        read(content)
    assert (refused.value.reason, refused.value.row) == ("the file is neither UTF-8 nor UTF-16: byte 0xE4", 2)
    assert "--encoding cp1252" in refused.value.fix
    [(name, _)] = submitted(read(content, choices=Choices(encoding="cp1252")))
    assert name == "Märzen GmbH"


def test_a_wrong_encoding_is_refused() -> None:
    with pytest.raises(Unreadable, match="the file is not utf-8"):
        read(b"\xff\xff,1", choices=Choices(encoding="utf-8"))


def test_a_comma_may_be_the_decimal_mark_between_semicolons() -> None:
    rows = sheet_of(Total_revenue="1.234,50", Cash_balance="5 000,25")
    [values] = submitted(read(csv_of(rows, ";").encode())).values()
    assert (values["total_revenue"], values["cash_balance"]) == (Decimal("1234.50"), Decimal("5000.25"))


def test_a_quote_left_open_is_named_with_its_row() -> None:
    content = csv_of(sheet_of(Company='"Acme Inc')).encode()
    with pytest.raises(Unreadable) as refused:
        read(content)
    assert (refused.value.reason, refused.value.row) == ("a quoted cell does not end where it should", 2)


def test_bytes_that_are_no_text_are_refused() -> None:
    assert reason(b"Company,Total revenue\0\x01", "figures.csv") == "the file holds bytes that are no text"


def test_excel_may_tell_the_delimiter() -> None:
    rows = "sep=;\r\n" + csv_of(sheet_of(), ";")
    assert len(submitted(read(rows.encode()))) == 1
