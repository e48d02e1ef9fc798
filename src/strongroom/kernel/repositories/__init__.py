"""Repositories: general verbs, keyset pages and named queries, one source for sync and async."""

from strongroom.kernel.repositories.operation import SessionT, operation
from strongroom.kernel.repositories.pages import Cursors, Page, read_page
from strongroom.kernel.repositories.parts import Part, page_of
from strongroom.kernel.repositories.queries import Query, query
from strongroom.kernel.repositories.repository import Repository

__all__ = [
    "Cursors",
    "Page",
    "Part",
    "Query",
    "Repository",
    "SessionT",
    "operation",
    "page_of",
    "query",
    "read_page",
]
