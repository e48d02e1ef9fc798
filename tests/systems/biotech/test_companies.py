"""Claims about companies: how they are found, changed, hidden and brought back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue, NotFound, RelationshipNotLoaded
from strongroom.kernel.repositories import Cursors
from strongroom.kernel.sessions import AsyncDatabase, Database
from strongroom.systems.biotech.errors import DrugCandidateExists, TickerTaken
from strongroom.systems.biotech.models import Company
from strongroom.systems.biotech.repositories import (
    BY_SIZE,
    CompanyRepository,
    DrugCandidateRepository,
    companies_matching,
)
from strongroom.systems.biotech.rules.enums import Phase

MILLION = 10**6


def add(session: Session, /, ticker: str = "ABCD", **values: Any) -> Company:
    given = {"name": f"{ticker} Therapeutics", "market_cap_usd": 1500 * MILLION, "cash_position_usd": 250 * MILLION}
    return CompanyRepository(session).create(ticker, **{**given, **values})


def tickers(companies: Any) -> list[str]:
    return [company.ticker for company in companies]


def test_a_company_is_found_by_its_ticker_however_it_is_written(any_database: Database) -> None:
    any_database.write(add, " abcd ")
    found = any_database.read(lambda session: CompanyRepository(session).get_by_ticker("aBcD"))
    assert found is not None
    assert (found.ticker, found.market_cap_usd) == ("ABCD", Decimal("1500000000.00"))


@pytest.mark.parametrize("ticker", ["", "   ", "TOOLONGTICK", "AB CD", "AB_C", "ÄBC"])
def test_what_is_no_ticker_is_refused_and_found_nowhere(any_database: Database, ticker: str) -> None:
    with pytest.raises(InvalidValue, match="ticker"):
        any_database.write(add, ticker)
    assert any_database.read(lambda session: CompanyRepository(session).get_by_ticker(ticker)) is None


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("market_cap_usd", 1.5e9),
        ("cash_position_usd", -1),
        ("name", "  "),
        ("therapeutic_areas", ["astrology"]),
        ("therapeutic_areas", "oncology"),
        ("founded_year", 1850),
        ("employee_count", -1),
        ("quarterly_burn_rate_usd", "-0.01"),
        ("id", "0199f4f0-0000-7000-8000-000000000000"),
        ("deleted_at", None),
        ("no_such_column", 1),
    ],
)
def test_a_value_that_cannot_be_right_is_refused(any_database: Database, column: str, value: Any) -> None:
    with pytest.raises((InvalidValue, IntegrityError)):
        any_database.write(add, **{column: value})
    assert any_database.read(lambda session: CompanyRepository(session).get_all()) == []


def test_areas_are_kept_once_each_in_the_order_given(any_database: Database) -> None:
    company = any_database.write(add, therapeutic_areas=["Oncology", "immunology", "oncology"])
    assert company.therapeutic_areas == ["oncology", "immunology"]


def test_metadata_is_the_attribute_extra_and_its_changes_in_place_are_saved(any_database: Database) -> None:
    company_id = any_database.write(add, metadata={"source": "a", "tags": {"seen": 1}}).id

    def change(session: Session) -> None:
        company = CompanyRepository(session).get(company_id)
        company.extra["source"] = "b"
        company.therapeutic_areas.append("oncology")

    any_database.write(change)
    stored = any_database.read(lambda session: CompanyRepository(session).get(company_id))
    assert stored.extra == {"source": "b", "tags": {"seen": 1}}
    assert stored.therapeutic_areas == ["oncology"]
    assert stored.to_dict()["metadata"] == {"source": "b", "tags": {"seen": 1}}


def test_two_companies_never_share_a_default(any_database: Database) -> None:
    def act(session: Session) -> tuple[Any, Any]:
        one, other = add(session, "ONE"), add(session, "OTHER")
        one.extra["mine"] = True
        return dict(one.extra), dict(other.extra)

    assert any_database.write(act) == ({"mine": True}, {})


@pytest.fixture
def market(any_database: Database) -> Database:
    def fill(session: Session) -> None:
        add(session, "BIG", name="Big Oncology Inc.", market_cap_usd=9000 * MILLION, therapeutic_areas=["oncology"])
        add(
            session,
            "BOTH",
            name="Immuno-Oncology 100% Ltd.",
            market_cap_usd=2000 * MILLION,
            therapeutic_areas=["oncology", "immunology"],
            quarterly_burn_rate_usd=100 * MILLION,
        )
        add(session, "IMM", name="Im_mune", market_cap_usd=2000 * MILLION, therapeutic_areas=["immunology"])
        add(session, "TINY", name="Tiny", market_cap_usd=5 * MILLION, quarterly_burn_rate_usd=200 * MILLION)

    any_database.write(fill)
    return any_database


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({}, ["BIG", "BOTH", "IMM", "TINY"]),
        ({"therapeutic_areas": ["oncology"]}, ["BIG", "BOTH"]),
        ({"therapeutic_areas": ["oncology", "immunology"]}, ["BOTH"]),
        ({"therapeutic_areas": ["oncology", "immunology"], "match": "any"}, ["BIG", "BOTH", "IMM"]),
        ({"min_market_cap": 2000 * MILLION}, ["BIG", "BOTH", "IMM"]),
        ({"min_market_cap": "5000000", "max_market_cap": 2000 * MILLION}, ["BOTH", "IMM", "TINY"]),
        ({"is_cash_constrained": True}, ["BOTH", "TINY"]),
        ({"is_cash_constrained": False}, ["BIG", "IMM"]),
        ({"name_pattern": "ONCOLOGY"}, ["BIG", "BOTH"]),
        ({"name_pattern": "%"}, ["BOTH"]),
        ({"name_pattern": "_"}, ["IMM"]),
        ({"name_pattern": "\\"}, []),
        ({"name_pattern": "100% L"}, ["BOTH"]),
        ({"skip": 1, "limit": 2}, ["BOTH", "IMM"]),
        ({"limit": 0}, []),
    ],
)
def test_a_search_meets_every_condition_the_largest_first(
    market: Database, conditions: dict[str, Any], expected: list[str]
) -> None:
    assert market.read(lambda session: tickers(CompanyRepository(session).search(**conditions))) == expected


@pytest.mark.parametrize(
    "conditions", [{"limit": 1001}, {"limit": -1}, {"skip": -1}, {"min_market_cap": 1.5}, {"match": "some"}]
)
def test_a_search_that_makes_no_sense_is_refused(market: Database, conditions: dict[str, Any]) -> None:
    conditions = {"therapeutic_areas": ["oncology"], **conditions}
    with pytest.raises(InvalidValue):
        market.read(lambda session: CompanyRepository(session).search(**conditions))


def test_every_company_is_on_one_page_of_all(market: Database) -> None:
    def pages(session: Session) -> list[str]:
        companies = CompanyRepository(session)
        return [ticker for skip in range(0, 6, 2) for ticker in tickers(companies.get_all(skip=skip, limit=2))]

    assert market.read(pages) == ["BIG", "BOTH", "IMM", "TINY"]


def test_a_list_goes_on_after_its_last_row_though_rows_come_and_go(market: Database) -> None:
    cursors = Cursors(b"-" * 16)

    def page(session: Session, cursor: str | None) -> tuple[list[str], str | None]:
        found = CompanyRepository(session).page(
            companies_matching(), order=BY_SIZE, cursors=cursors, limit=2, cursor=cursor
        )
        return tickers(found.items), found.next_cursor

    first, cursor = market.read(page, None)
    market.write(add, "NEW", market_cap_usd=10000 * MILLION)
    assert (first, market.read(page, cursor)) == (["BIG", "BOTH"], (["IMM", "TINY"], None))


def test_a_name_is_found_by_a_part_of_it(market: Database) -> None:
    assert market.read(lambda session: tickers(CompanyRepository(session).find_similar("oncology")))[0] == "BIG"


def test_a_name_is_found_on_postgresql_by_what_is_nearly_it(database: Database) -> None:
    database.write(add, "BIG", name="Big Oncology Inc.")
    database.write(add, "OTHER", name="Something else")
    assert database.read(lambda session: tickers(CompanyRepository(session).find_similar("oncologi"))) == ["BIG"]


def test_the_constrained_are_listed_by_how_long_their_cash_lasts(market: Database) -> None:
    def runways(session: Session, below: float) -> list[tuple[str, float | None]]:
        found = CompanyRepository(session).get_cash_constrained(below)
        return [(company.ticker, company.runway_quarters) for company in found]

    assert market.read(runways, 4.0) == [("TINY", 1.25), ("BOTH", 2.5)]
    assert market.read(runways, 2.5) == [("TINY", 1.25)]


def test_statistics_are_exact_and_zero_where_there_is_nothing(any_database: Database) -> None:
    def statistics(session: Session) -> dict[str, Any]:
        return CompanyRepository(session).get_statistics()

    nothing = Decimal("0.00")
    assert any_database.read(statistics) == {
        "total_companies": 0,
        "avg_market_cap": nothing,
        "total_market_cap": nothing,
        "cash_constrained_count": 0,
    }
    for ticker, cap in (("A", "0.01"), ("B", "123456789012345.66"), ("C", "0.02")):
        any_database.write(add, ticker, market_cap_usd=cap, quarterly_burn_rate_usd=250 * MILLION)
    assert any_database.read(statistics) == {
        "total_companies": 3,
        "avg_market_cap": Decimal("41152263004115.23"),
        "total_market_cap": Decimal("123456789012345.69"),
        "cash_constrained_count": 3,
    }


def test_an_update_changes_what_it_names_and_nothing_it_must_not(any_database: Database) -> None:
    company = any_database.write(add)

    def update(session: Session, /, **values: Any) -> Company | None:
        return CompanyRepository(session).update(company.id, **values)

    changed = any_database.write(update, cash_position_usd=300 * MILLION, ticker=" lower ")
    assert changed is not None
    assert (changed.cash_position_usd, changed.ticker) == (Decimal("300000000.00"), "LOWER")
    assert changed.enterprise_value_usd == Decimal("1200000000.00")
    assert changed.updated_at > company.updated_at
    for forbidden in ("id", "deleted_at", "created_at", "enterprise_value_usd", "nonsense"):
        with pytest.raises(InvalidValue, match=forbidden):
            any_database.write(update, **{forbidden: None})


@pytest.mark.parametrize("key", ["0199f4f0-0000-7000-8000-000000000000", "no id"])
def test_updating_what_is_not_there_gives_none(any_database: Database, key: str) -> None:
    assert any_database.write(lambda session: CompanyRepository(session).update(key, name="x")) is None


def test_a_hidden_company_is_gone_from_every_read_and_its_ticker_is_free(any_database: Database) -> None:
    company = any_database.write(add)

    def hide(session: Session) -> tuple[bool, bool, list[Any]]:
        companies = CompanyRepository(session)
        first, second = companies.soft_delete(company.id), companies.soft_delete(company.id)
        seen = [companies.get_by_id(company.id), companies.get_by_ticker("ABCD"), companies.find(company.id)]
        with pytest.raises(NotFound):
            companies.get(company.id)
        return first, second, [*seen, *companies.get_all(), *companies.search()]

    assert any_database.write(hide) == (True, False, [None, None, None])
    assert any_database.read(lambda session: CompanyRepository(session).get_statistics())["total_companies"] == 0
    assert any_database.write(add).id != company.id


def test_of_many_who_hide_a_company_at_once_one_has_done_it(database: Database) -> None:
    company = database.write(add)
    with ThreadPoolExecutor(8) as pool:
        calls = [
            pool.submit(database.write, lambda session: CompanyRepository(session).soft_delete(company.id))
            for _ in range(8)
        ]
    assert sorted(call.result() for call in calls) == [False] * 7 + [True]


def test_a_restored_company_is_back_unless_its_ticker_is_taken_by_now(any_database: Database) -> None:
    company = any_database.write(add)

    def call(session: Session, verb: str) -> bool:
        done: bool = getattr(CompanyRepository(session), verb)(company.id)
        return done

    assert any_database.write(call, "restore") is False
    assert any_database.write(call, "soft_delete") is True
    assert any_database.write(call, "restore") is True
    assert any_database.read(lambda session: CompanyRepository(session).get_by_ticker("ABCD")) is not None
    any_database.write(call, "soft_delete")
    any_database.write(add)
    with pytest.raises(TickerTaken):
        any_database.write(call, "restore")


def test_hidden_rows_are_read_by_those_who_ask_for_them(any_database: Database) -> None:
    company = any_database.write(add)
    any_database.write(lambda session: CompanyRepository(session).soft_delete(company.id))
    found = any_database.read(lambda session: CompanyRepository(session).find_deleted(select(Company)))
    assert [row.id for row in found] == [company.id]


def test_a_second_live_company_of_a_ticker_is_refused_by_the_database(any_database: Database) -> None:
    any_database.write(add)
    with pytest.raises(TickerTaken) as refused:
        any_database.write(add, "abcd")
    assert isinstance(refused.value, IntegrityError)


def test_a_pipeline_is_loaded_when_asked_for_without_what_is_hidden(any_database: Database) -> None:
    def act(session: Session) -> list[str]:
        company = add(session)
        drugs = DrugCandidateRepository(session)
        kept, hidden = (
            drugs.create(company.id, name, "phase_2", "an illness", "an antibody", "oncology")
            for name in ("A-1", "B-2")
        )
        drugs.soft_delete(hidden.id)
        found = CompanyRepository(session).get_by_ticker("ABCD", include_pipeline=True)
        assert found is not None
        again = drugs.create(company.id, "b-2", Phase.APPROVED, "an illness", "an antibody", "oncology")
        assert [drug.id for drug in drugs.get_by_company(company.id)] == [again.id, kept.id]
        fresh = CompanyRepository(session).get_by_id(company.id, include_pipeline=True)
        assert fresh is not None
        return [drug.name for drug in fresh.drug_candidates]

    assert any_database.write(act) == ["A-1", "b-2"]


def test_a_pipeline_that_was_not_loaded_says_how_to_load_it(any_database: Database) -> None:
    any_database.write(add)
    with pytest.raises(RelationshipNotLoaded, match=r"Company\.drug_candidates"):
        any_database.read(lambda session: CompanyRepository(session).get_all()[0].drug_candidates)


def test_a_company_has_a_drug_of_a_name_once(any_database: Database) -> None:
    def twice(session: Session) -> None:
        company = add(session)
        for name in ("A-1", "a-1 "):
            DrugCandidateRepository(session).create(company.id, name, "phase_1", "an illness", "a vector", "other")

    with pytest.raises(DrugCandidateExists):
        any_database.write(twice)


def test_removing_a_company_for_good_removes_all_that_is_its(any_database: Database) -> None:
    def act(session: Session) -> int:
        company = add(session)
        DrugCandidateRepository(session).create(company.id, "A-1", "phase_1", "an illness", "a vector", "other")
        session.delete(company)
        session.flush()
        return session.scalar(text("SELECT count(*) FROM biotech.drug_candidates")) or 0

    assert any_database.write(act) == 0


async def test_the_same_calls_are_awaited_over_an_asynchronous_session(any_async_database: AsyncDatabase) -> None:
    async with any_async_database.session() as session:
        companies = CompanyRepository(session)
        await companies.create("ABCD", "ABC Therapeutics", 1500000000, 250000000, therapeutic_areas=["oncology"])
        assert tickers(await companies.search(therapeutic_areas=["oncology"], min_market_cap=1000000000)) == ["ABCD"]
        found = await companies.get_by_ticker("abcd", include_pipeline=True)
        assert found is not None
        assert found.drug_candidates == []
