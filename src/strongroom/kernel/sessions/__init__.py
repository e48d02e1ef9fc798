"""Sessions: the three verbs, the actors, and the only commit."""

from strongroom.kernel.errors import Refused
from strongroom.kernel.sessions.actors import SYSTEM, Actor, actor_of, now_of
from strongroom.kernel.sessions.attempts import Attempts
from strongroom.kernel.sessions.bulk import copy_rows
from strongroom.kernel.sessions.database import AsyncDatabase, Database
from strongroom.kernel.sessions.probes import connection_info
from strongroom.kernel.sessions.refusals import keeps_refusals
from strongroom.kernel.sessions.unit_of_work import commit_async_session, commit_session

__all__ = [
    "SYSTEM",
    "Actor",
    "AsyncDatabase",
    "Attempts",
    "Database",
    "Refused",
    "actor_of",
    "commit_async_session",
    "commit_session",
    "connection_info",
    "copy_rows",
    "keeps_refusals",
    "now_of",
]
