"""Who may use which account: its one owner, and disponents beside the owner."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from strongroom.systems.banking.imports.pkdd99.reading import BadField, Progress, Row, SourceFile, silent

COLUMNS = ("disp_id", "client_id", "account_id", "type")


@dataclass(frozen=True, slots=True)
class Disposition:
    """line: where it stands in disp.asc; account: the bank's own number."""

    line: int
    number: int
    user_id: UUID
    account: int
    is_owner: bool


def read_dispositions(folder: Path, clients: dict[int, UUID], progress: Progress = silent) -> list[Disposition]:
    """disp.asc, every client known and no account with two owners. Raises ImportRefused."""
    owned: dict[int, int] = {}

    def build(row: Row) -> Disposition:
        client = row.number("client_id")
        if client not in clients:
            raise BadField("client_id", f"there is no client {client}")
        account = row.number("account_id")
        is_owner = row.code("type", {"OWNER": True, "DISPONENT": False})
        if is_owner and (line := owned.setdefault(account, row.line)) != row.line:
            raise BadField("type", f"account {account} has an owner already, on line {line}")
        return Disposition(row.line, row.number("disp_id"), clients[client], account, is_owner)

    return list(SourceFile(folder, "disp.asc", COLUMNS, progress).read(build))
