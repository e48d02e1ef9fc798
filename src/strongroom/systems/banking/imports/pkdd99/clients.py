"""The bank's clients as users: anonymous, as published, and without a password that works."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from strongroom.kernel.values import derived_id
from strongroom.systems.banking.imports.pkdd99.reading import Loaded, Progress, Row, SourceFile, parse_day
from strongroom.systems.banking.imports.pkdd99.staging import insert_new
from strongroom.systems.banking.models import User
from strongroom.systems.banking.repositories import UNUSABLE_PASSWORD
from strongroom.systems.banking.rules import UserStatusEnum

COLUMNS = ("client_id", "birth_number", "district_id")
EMAIL_DOMAIN = "pkdd99.invalid"
#: the first day of the records: the moment in the ids of what the files give no date for
RECORDS_BEGIN = datetime(1993, 1, 1, tzinfo=UTC)
WOMEN_MONTHS = 50

_SIX_DIGITS = re.compile(r"[0-9]{6}")


def load_clients(session: Session, folder: Path, progress: Progress) -> Loaded:
    """client.asc: one user for each client."""
    file = SourceFile(folder, "client.asc", COLUMNS, progress)
    added = insert_new(session, file.read(_user))
    return Loaded(file.rows, added)


def known_clients(session: Session) -> dict[int, UUID]:
    """The users that were imported, by the bank's own number."""
    rows = session.execute(select(User.email, User.id).where(User.email.like(f"client-%@{EMAIL_DOMAIN}")))
    return {int(email.removeprefix("client-").partition("@")[0]): user_id for email, user_id in rows}


def _user(row: Row) -> User:
    client = row.number("client_id")
    row.number("district_id")
    return User(
        id=derived_id(RECORDS_BEGIN, f"pkdd99:client:{client}"),
        email=f"client-{client}@{EMAIL_DOMAIN}",
        first_name="Client",
        last_name=str(client),
        password_hash=UNUSABLE_PASSWORD,
        date_of_birth=_birth_date(row),
        status=UserStatusEnum.ACTIVE,
    )


def _birth_date(row: Row) -> date:
    """From yymmdd, where a woman's month is raised by 50. Source: the Czech birth number, rodné číslo."""
    number = row.word("birth_number", _SIX_DIGITS, "six digits")
    month = int(number[2:4])
    plain = f"{number[:2]}{month - WOMEN_MONTHS if month > WOMEN_MONTHS else month:02}{number[4:]}"
    return parse_day(plain, "birth_number").date()
