"""Claims about the nomenclature: a file comes in whole and twice safely, words and codes find what they mean."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.sessions import Database
from strongroom.systems.export_readiness.errors import HsCodeNotFound, NomenclatureRefused
from strongroom.systems.export_readiness.imports.nomenclature import Imported, import_nomenclature
from strongroom.systems.export_readiness.models import HsCode
from strongroom.systems.export_readiness.samples.businesses import read_nomenclature_file
from strongroom.systems.export_readiness.services import hs_codes
from strongroom.systems.export_readiness.system import system
from strongroom.testing.databases import ThrowAwayFiles, ThrowAwayServer, opened

HEADINGS = 6939
SMALL = (
    "section,hscode,description,parent,level\n"
    "TOTAL,TOTAL,Everything,TOTAL,5\n"
    "II,09,Coffee and spices,TOTAL,2\n"
    "II,0910,Spices,09,4\n"
    'II,091030,"Spices; turmeric (curcuma)",0910,6\n'
)


@pytest.fixture(scope="module", params=["postgresql_server", "sqlite_files"])
def known(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database that holds the whole nomenclature, which nobody here changes."""
    place: ThrowAwayServer | ThrowAwayFiles = request.getfixturevalue(request.param)
    if isinstance(place, ThrowAwayServer):
        options = place.create_database((system,))
    else:
        options = place.create_database(tmp_path_factory.mktemp("hs") / "database", (system,))
    with opened(options, (system,)) as database:
        database.write(import_nomenclature, read_nomenclature_file(), "hs.csv.gz")
        yield database


def count(database: Database) -> int:
    return database.read(lambda session: session.scalar(select(func.count()).select_from(HsCode))) or 0


def test_a_file_comes_in_whole_and_again_changes_nothing(any_database: Database) -> None:
    seen: list[tuple[int, int]] = []
    content = read_nomenclature_file()
    first = any_database.write(
        import_nomenclature, content, "hs.csv.gz", report=lambda done, total: seen.append((done, total))
    )
    assert first == Imported(HEADINGS, HEADINGS, 0)
    assert seen[-1] == (HEADINGS, HEADINGS)
    assert len(seen) > 10
    assert any_database.write(import_nomenclature, gzip.decompress(content), "hs.csv") == Imported(HEADINGS, 0, 0)
    levels = select(HsCode.level, func.count()).group_by(HsCode.level).order_by(HsCode.level)
    assert any_database.read(lambda session: [tuple(row) for row in session.execute(levels)]) == [
        (2, 97),
        (4, 1229),
        (6, 5613),
    ]


def test_a_newer_file_changes_words_and_leaves_what_it_does_not_name(any_database: Database) -> None:
    any_database.write(import_nomenclature, SMALL.encode(), "old.csv")
    newer = SMALL.replace("(curcuma)", "(curcuma longa)").replace("Everything", "All") + 'II,091091,"Mixtures",0910,6\n'
    imported = any_database.write(
        import_nomenclature, newer.encode(), "new.csv", source="WCO", source_date=date(2028, 1, 1)
    )
    assert imported == Imported(4, 1, 1)
    rows = any_database.read(lambda session: {row.code: row for row in session.scalars(select(HsCode))})
    assert rows["091030"].description == "Spices; turmeric (curcuma longa)"
    assert (rows["091030"].source, rows["091030"].source_date) == ("WCO", date(2028, 1, 1))
    assert rows["0910"].source != "WCO"
    assert any_database.write(import_nomenclature, SMALL.encode(), "old.csv") == Imported(3, 0, 1)
    assert count(any_database) == 4


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "line 1: there is no column section"),
        (b"section,hscode,description,parent,level\n", "line 1: the file holds no heading"),
        (SMALL.replace("091030", "09103").encode(), "line 5: hscode must be 2, 4 or 6 digits"),
        (SMALL.replace("0910,6", "0910,4").encode(), "line 5: level must be 6, the digits of 091030"),
        (SMALL.replace("09,4", "08,4").encode(), "line 4: parent must be 09"),
        (SMALL.replace("II,0910,Spices,09,4\n", "").encode(), "line 4: there is no parent 0910"),
        (SMALL.replace(",Spices,", ", ,").encode(), "line 4: description must not be blank"),
        ((SMALL + "II,0910,Again,09,4\n").encode(), "line 6: 0910 stands on line 4 as well"),
        (SMALL.replace("Spices,", "Spic\xe9,").encode("latin-1"), "line 4: the text is not UTF-8"),
        (read_nomenclature_file()[:5000], "line 1: the file is no whole gzip file"),
        (b"\x1f\x8b" + b"x" * 100, "line 1: the file is no whole gzip file"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_with_a_problem_is_refused_whole(any_database: Database, content: bytes, problem: str) -> None:
    with pytest.raises(NomenclatureRefused) as refused:
        any_database.write(import_nomenclature, content, "hs.csv")
    assert refused.value.facts["first"] == problem
    assert count(any_database) == 0


def test_a_heading_is_found_by_its_digits_however_they_are_written(known: Database) -> None:
    assert known.read(hs_codes.get_hs_code, "0910.30").description == "Spices; turmeric (curcuma)"
    assert known.read(hs_codes.get_hs_code, "09").level == 2
    for unknown in ("091031", "abc", "", "9"):
        with pytest.raises(HsCodeNotFound):
            known.read(hs_codes.get_hs_code, unknown)


def test_what_begins_with_digits_comes_in_order(known: Database) -> None:
    below = [row.code for row in known.read(hs_codes.list_below, "09.10")]
    assert below == sorted(below)
    assert below[:2] == ["0910", "091011"]
    assert all(code.startswith("0910") for code in below)
    for wrong in ("", "09%", "x"):
        with pytest.raises(InvalidValue):
            known.read(hs_codes.list_below, wrong)


@pytest.mark.parametrize(
    ("product", "code"),
    [
        ("Organic turmeric powder", "091030"),
        ("cotton T-shirts, knitted", "610910"),
        ("Basmati rice, semi-milled", "100630"),
        ("roasted coffee, not decaffeinated", "090121"),
        ("leather handbags", "420221"),
        ("LED lamps", "853952"),
        ("frozen shrimps and prawns", "030617"),
        ("carpets of wool, knotted", "570110"),
    ],
)
def test_words_find_the_subheading_that_is_meant(known: Database, product: str, code: str) -> None:
    found = known.read(hs_codes.suggest, product, limit=5)
    assert code in [suggestion.code for suggestion in found.suggestions]
    confidences = [suggestion.confidence for suggestion in found.suggestions]
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 < confidence <= 100 for confidence in confidences)


def test_a_slip_of_the_pen_is_put_right(known: Database) -> None:
    found = known.read(hs_codes.search, "cardamon")
    assert found.words == ("cardamoms",)
    assert found.suggestions[0].code.startswith("0908")


def test_what_nothing_looks_like_finds_nothing(known: Database) -> None:
    assert known.read(hs_codes.search, "xqzzyk").suggestions == []


@pytest.mark.parametrize("words", ["", "  ", "of the and", "091030", "!&|:*"])
def test_a_search_needs_words(known: Database, words: str) -> None:
    with pytest.raises(InvalidValue):
        known.read(hs_codes.search, words)


@pytest.mark.parametrize("words", ["turmeric' OR 1=1 --", "turmeric & !spice", "turmeric:*", "50% turmeric_"])
def test_signs_in_a_search_are_no_operators(known: Database, words: str) -> None:
    assert "091030" in [suggestion.code for suggestion in known.read(hs_codes.search, words).suggestions]


def test_postgresql_finds_words_by_an_index(database: Database) -> None:
    database.write(import_nomenclature, read_nomenclature_file(), "hs.csv.gz")
    explain = text(
        "EXPLAIN SELECT * FROM export_readiness.hs_codes "
        "WHERE to_tsvector('english', description) @@ plainto_tsquery('english', 'turmeric')"
    )
    database.write(lambda session: session.execute(text("ANALYZE export_readiness.hs_codes")))
    plan = database.read(lambda session: "\n".join(session.scalars(explain)))
    assert "ix_hs_codes_words" in plan


def test_a_known_code_says_where_it_belongs(known: Database) -> None:
    verdict = known.read(hs_codes.validate, "0910.30.20")
    assert (verdict.code, verdict.is_known, verdict.national_digits) == ("09103020", True, "20")
    assert [row.code for row in verdict.path] == ["09", "0910", "091030"]
    assert verdict.likely == []


def test_an_unknown_code_gives_its_nearest_parents_and_likely_codes(known: Database) -> None:
    verdict = known.read(hs_codes.validate, "091031", limit=3)
    assert not verdict.is_known
    assert [row.code for row in verdict.path] == ["09", "0910"]
    assert [row.code for row in verdict.likely] == ["091030", "091020", "091012"]
    nowhere = known.read(hs_codes.validate, "7712")
    assert (nowhere.is_known, nowhere.path, nowhere.likely) == (False, [], [])


def test_a_heading_of_four_digits_may_be_enough(known: Database) -> None:
    assert known.read(hs_codes.validate, "6109").is_known
    assert not known.read(hs_codes.validate, "0999").is_known


@pytest.mark.parametrize("limit", [0, 101])
def test_a_list_is_neither_empty_nor_endless(known: Database, limit: int) -> None:
    with pytest.raises(InvalidValue):
        known.read(hs_codes.search, "turmeric", limit=limit)
    with pytest.raises(InvalidValue):
        known.read(hs_codes.list_below, "09", limit=limit)


def test_the_file_that_ships_is_small_and_named() -> None:
    assert len(read_nomenclature_file()) < 200_000
    readme = Path(system.migrations).parents[1] / "samples" / "README.md"
    assert "datasets/harmonized-system" in readme.read_text(encoding="utf-8")
