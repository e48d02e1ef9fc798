"""Claims about files that mean harm or are no tables: refused before they cost anything, with a sentence that helps."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from typing import Any

import pyarrow.parquet as pq
import pytest

from strongroom.systems.forecasting.errors import UploadUnreadable
from strongroom.systems.forecasting.imports.sources import columnar, delimited, opening, tables, workbooks
from tests.systems.forecasting.imports.sending import detected, monthly, parquet, prepared, stored, workbook

ROWS: list[list[Any]] = [["date", "revenue"], ["2024-01-01", 1], ["2024-02-01", 2]]


def reason(content: bytes | str, name: str = "series.csv", /, **choices: object) -> str:
    with pytest.raises(UploadUnreadable) as refused:
        detected(content, name, **choices)
    assert refused.value.facts["fix"]
    return str(refused.value.facts["reason"])


def changed(content: bytes, **parts: bytes) -> bytes:
    """A workbook with some of its parts replaced, or added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name, part in ({name: old.read(name) for name in old.namelist()} | parts).items():
            new.writestr(name, part)
    return target.getvalue()


def claiming(content: bytes, number: int, claimed: int) -> bytes:
    """A Parquet file whose footer says another number wherever it says this one."""
    start = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
    footer = content[start:-8].replace(b"\x16" + varint(number), b"\x16" + varint(claimed))
    assert footer != content[start:-8]
    return content[:start] + footer + len(footer).to_bytes(4, "little") + b"PAR1"


def varint(number: int) -> bytes:
    """As Thrift's compact protocol writes a positive number."""
    zigzag, found = number * 2, b""
    while zigzag > 127:
        found += bytes([zigzag % 128 + 128])
        zigzag //= 128
    return found + bytes([zigzag])


@pytest.mark.parametrize("content", ["", "  \r\n\t\n", "\ufeff"])
def test_an_empty_file_is_refused(content: str) -> None:
    assert reason(content).startswith("the file is empty")


def test_a_file_with_nothing_below_its_header_is_refused() -> None:
    assert reason("date,revenue\n") == "the file has a header and no rows"
    assert reason("date,revenue\r\n\r\n , \r\n") == "the file has a header and no rows"
    assert reason(workbook([["date", "revenue"]]), "series.xlsx") == "the file has a header and no rows"
    assert reason(parquet({"date": [], "revenue": []}), "series.parquet") == "the file has a header and no rows"


def test_a_file_without_a_header_is_refused() -> None:
    assert reason("2024-01-01,1\n2024-02-01,2\n") == "the first line holds values (line 1)"
    assert reason(workbook([["2024-01-01", 1], ["2024-02-01", 2]]), "a.xlsx") == "the first line holds values (line 1)"


def test_bytes_that_are_no_text_are_refused_with_their_line() -> None:
    content = monthly(30_000).encode()
    broken = content + b"2024-01-01,1\0\n"
    assert reason(broken) == "the file holds bytes that are no text (line 30002)"
    assert reason(content + b"2024-01-01,\xe4\n") == "the file is neither UTF-8 nor UTF-16: byte 0xE4 (line 30002)"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_text_is_read_whatever_its_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    content = monthly(3, "Erlöse").replace(",", delimiter).encode(encoding)
    assert len(stored(prepared(content))["revenue"]) == 3


def test_an_encoding_that_cannot_be_proven_has_to_be_told() -> None:
    content = monthly(3, "Erlöse").encode("cp1252")
    assert reason(content) == "the file is neither UTF-8 nor UTF-16: byte 0xF6 (line 1)"
    assert len(stored(prepared(content, encoding="cp1252"))["revenue"]) == 3
    assert reason(content, encoding="ebcdic") == "ebcdic is no encoding that is read here"


def test_line_ends_may_be_mixed() -> None:
    content = 'date,revenue\r\n2024-01-01,1\r2024-02-01,2\n\n\r\n2024-03-01,"3"\n\r2024-04-01,x'
    file = prepared(content.encode(), bad_rows="skip")
    assert [value for _, value in stored(file)["revenue"]] == ["1", "2", "3"]
    assert file.problems.named[0].value == "x"


def test_excel_may_tell_the_delimiter_and_lines_still_count() -> None:
    file = prepared("sep=;\r\ndate;revenue\r\n2024-01-01;1\r\nx;2\r\n", bad_rows="skip")
    assert file.problems.named[0].line == 4


def test_a_quote_left_open_and_an_endless_line_are_refused() -> None:
    assert reason('date,revenue\n2024-01-01,"1\n2024-02-01,2\n').startswith("a quoted cell does not end")
    assert reason("date,revenue\n2024-01-01," + "1" * 200_000) == "a line has more than 100,000 letters"


def test_ten_thousand_columns_are_refused() -> None:
    names = [f"c{number}" for number in range(10_000)]
    wide = ",".join(names) + "\n" + ",".join("1" for _ in names) + "\n"
    assert reason(wide) == "the file has more than 200 columns (line 1)"
    assert "more than 200 columns" in reason(workbook([names, names]), "series.xlsx")
    assert "more than 200 columns" in reason(parquet({name: [1] for name in names[:1000]}), "series.parquet")


def test_two_columns_of_one_name_are_refused() -> None:
    assert reason("date,revenue,Revenue\n2024-01-01,1,2\n") == "two columns are called Revenue (line 1)"


def test_a_file_larger_than_any_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "FILE_BYTES_MAX", 1024 * 1024)
    assert reason(b"a" * (1024 * 1024 + 1)) == "the file is larger than 1 MB"


def test_more_rows_than_are_held_in_memory_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "ROWS_MAX", 10)
    assert reason(monthly(11)) == "the file has more than 10 rows (line 11)"
    assert reason(parquet({"date": ["2024-01-01"] * 11, "revenue": range(11)}), "a.parquet").startswith(
        "the file has more"
    )


def test_a_zip_bomb_is_refused_before_it_goes_off() -> None:
    bomb = changed(workbook(ROWS), **{"xl/media/bomb.xml": bytes(300 * 1024 * 1024)})
    tracemalloc.start()
    assert reason(bomb, "series.xlsx") == "the workbook unpacks to more than 200 MB"
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(bomb) < 500_000
    assert most < 20_000_000


def test_a_bomb_of_texts_is_refused() -> None:
    texts = b"<sst>" + b"<si><t>" + b"a" * (17 * 1024 * 1024) + b"</t></si></sst>"
    assert reason(changed(workbook(ROWS), **{"xl/sharedStrings.xml": texts}), "a.xlsx").endswith(
        "more than 16 MB of text"
    )


def test_macros_encryption_and_damage_are_refused() -> None:
    plain = workbook(ROWS)
    assert reason(changed(plain, **{"xl/vbaProject.bin": b"\0"}), "a.xlsx") == "the workbook holds macros"
    old = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(512)
    assert reason(old + "EncryptedPackage".encode("utf-16-le"), "a.xlsx") == "the workbook is encrypted"
    assert reason(plain[:-200], "a.xlsx") == "the workbook is damaged"
    sheet = b"<worksheet><sheetData><row r="
    assert reason(changed(plain, **{"xl/worksheets/sheet1.xml": sheet}), "a.xlsx") == "the workbook is damaged"
    assert reason(b"%PDF-1.7 and more", "a.csv").startswith("the file is neither a workbook")
    assert reason(monthly(), "series.xlsx") == "the file is called .xlsx and is none"


def test_a_cell_in_the_last_corner_of_a_sheet_is_refused_at_little_cost() -> None:
    plain = workbook(ROWS)
    with zipfile.ZipFile(io.BytesIO(plain)) as old:
        sheet = old.read("xl/worksheets/sheet1.xml")
    corner = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    far = changed(plain, **{"xl/worksheets/sheet1.xml": sheet.replace(b"</sheetData>", corner)})
    began = time.perf_counter()
    assert reason(far, "series.xlsx").startswith("the sheet has more than 200 columns")
    assert time.perf_counter() - began < 20


def test_a_formula_that_was_never_calculated_is_a_bad_row_and_not_a_missing_value() -> None:
    file = prepared(workbook([*ROWS, ["2024-03-01", "=B2+B3"]]), "series.xlsx")
    assert [(one.line, one.value) for one in file.problems.named] == [(4, workbooks.NOT_CALCULATED)]


def test_a_row_group_that_claims_to_be_huge_is_refused_before_it_is_read() -> None:
    honest = parquet({"date": [f"2024-01-{day:02}" for day in range(1, 32)], "revenue": list(range(31))})
    metadata = pq.ParquetFile(io.BytesIO(honest)).metadata
    huge = claiming(honest, metadata.row_group(0).total_byte_size, 10**12)
    assert pq.ParquetFile(io.BytesIO(huge)).metadata.row_group(0).total_byte_size == 10**12
    assert reason(huge, "series.parquet") == "row group 1 claims to hold 953,674 MB"
    many = claiming(honest, metadata.num_rows, 10**10)
    assert reason(many, "series.parquet") == "the file has more than 3,000,000 rows (line 10000000000)"


def test_runs_of_one_value_that_would_fill_the_memory_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columnar, "GROUP_BYTES_MAX", 1024 * 1024)
    columns = {"date": ["2024-01-01"] * 300_000, "revenue": [0.5] * 300_000}
    content = parquet(columns, use_dictionary=False, compression="zstd")
    assert len(content) < 20_000
    assert reason(content, "series.parquet").startswith("row group 1 claims to hold")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content[:-1],
        lambda content: content[:8],
        lambda content: content[:-8] + b"\xff\xff\xff\x7f" + b"PAR1",
        lambda content: content[:-100] + bytes(92) + content[-8:],
        lambda content: content[:20] + b"\xff" * 40 + content[60:],
    ],
)
def test_a_damaged_parquet_file_is_refused(spoil: Callable[[bytes], bytes]) -> None:
    content = parquet({"date": [f"2024-01-{day:02}" for day in range(1, 32)], "revenue": list(range(31))})
    assert reason(spoil(content), "series.parquet") == "the Parquet file is damaged"


def test_a_text_kept_from_becoming_a_formula_is_read_as_it_was() -> None:
    file = prepared("date,revenue\n2024-01-01,'-5\n2024-02-01,\"'=1+1\"\n", bad_rows="skip")
    assert stored(file) == {"revenue": [("2024-01-01", "-5")]}


@pytest.mark.parametrize("value", ["1" * 30_000 + "x", "(" * 30_000, "1," * 10_000, " " * 30_000 + "x", "1" * 400])
def test_long_cells_cost_nothing(value: str) -> None:
    began = time.perf_counter()
    file = prepared(f'date,revenue\n2024-01-01,"{value}"\n"{value}",1\n2024-01-02,2\n', bad_rows="skip")
    assert file.problems.rows == 2
    assert time.perf_counter() - began < 5


def test_lines_are_bounded_across_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "_CHUNK_BYTES", 7)
    assert len(stored(prepared(monthly(12).encode("utf-16")))["revenue"]) == 12
    monkeypatch.setattr(delimited, "_LINE_LETTERS_MAX", 20)
    assert reason("date,revenue\n2024-01-01,123456789123\n") == "a line has more than 20 letters"
