"""Claims about keys on both engines: whatever a request makes is made once."""

from __future__ import annotations

import pytest

from strongroom.kernel.errors import IdempotencyConflict
from strongroom.kernel.sessions import Database
from strongroom.systems.export_readiness.rules import DocumentTypeEnum
from strongroom.systems.export_readiness.services import documents, once
from tests.systems.export_readiness.building import acting, add_report, add_user

LIST, LUT = DocumentTypeEnum.PACKING_LIST, DocumentTypeEnum.GST_LUT


def test_a_key_makes_one_row_of_each_kind(any_database: Database) -> None:
    user = any_database.write(add_user)
    mine = acting(any_database, user)
    report = mine.write(add_report, user.id)
    made = [mine.write(once.generate_document, "key", report.id, LIST, {"a": "1"}).id for _ in range(2)]
    talks = [mine.write(once.start_conversation, "key", report.id, {"a": "1"}).id for _ in range(2)]
    assert made[0] == made[1]
    assert talks[0] == talks[1]
    for document_type, fields in ((LUT, {"a": "1"}), (LIST, {"a": "2"})):
        with pytest.raises(IdempotencyConflict):
            mine.write(once.generate_document, "key", report.id, document_type, fields)
    without = [mine.write(once.generate_document, None, report.id, LIST, {"a": "1"}).id for _ in range(2)]
    assert len({made[0], *without}) == 3
    assert len(mine.read(documents.list_documents, report.id)) == 3


def test_a_key_belongs_to_whoever_sends_it(any_database: Database) -> None:
    ids = set()
    for number in range(2):
        email = f"exporter{number}@example.com"
        user = any_database.write(add_user, email=email)
        values = {"product_name": "Tea", "destination_country": "Japan"}
        made = acting(any_database, user).write(once.create_report, "key", user_id=user.id, evidence=None, **values)
        ids.add(made.id)
    assert len(ids) == 2
