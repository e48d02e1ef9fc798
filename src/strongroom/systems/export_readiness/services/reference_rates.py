"""Published constants: what ships with the program, with what administrators have put since in front of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.sessions import actor_of, now_of
from strongroom.systems.export_readiness.models import ReferenceRate
from strongroom.systems.export_readiness.repositories import ReferenceRateRepository, rates_of, rates_until
from strongroom.systems.export_readiness.rules import Constant, Rates, normalise_text
from strongroom.systems.export_readiness.rules.constants import CONSTANTS
from strongroom.systems.export_readiness.rules.reference_rates import CALCULATOR_MAX, NAME_MAX, UNIT_MAX
from strongroom.systems.export_readiness.services.access import check_is_administrator

SOURCE_MAX = 1000
Key = tuple[str, str, date]


def load_rates(session: Session, day: date | None = None) -> Rates:
    """The constants in force on a day, today unless told otherwise; one query.

    A constant that was put stands in front of the one that ships with the program, whatever their dates.
    """
    day = day or now_of(session).date()
    return Rates.on(day, CONSTANTS, map(as_constant, session.scalars(rates_until(day))))


def rate_on(session: Session, calculator: str, name: str, day: date | None = None) -> Decimal:
    """One number. Raises ReferenceRateMissing."""
    return load_rates(session, day).value(calculator, name)


def put_constant(session: Session, constant: Constant) -> ReferenceRate:
    """Make a constant hold from its day on; what held before keeps holding for earlier days. Administrators only.

    Raises AccessDenied, InvalidValue, ReferenceRateAlreadyExists.
    """
    check_is_administrator(session)
    return ReferenceRateRepository(session).add(_row(session, constant))


def put_constants(session: Session, constants: Iterable[Constant]) -> int:
    """Add those that are not there yet, by calculator, name and day; how many. Administrators only.

    What is there stays as it is, and a row that says something else of the same day is refused with InvalidValue.
    """
    check_is_administrator(session)
    present = {_key(row): row for row in map(as_constant, session.scalars(rates_of()))}
    added = 0
    for constant in constants:
        known = present.setdefault(_key(constant), constant)
        if known is constant:
            session.add(_row(session, constant))
            added += 1
        elif (known.value, dict(known.details)) != (constant.value, dict(constant.details)):
            shown = f"{constant.calculator} {constant.name} from {constant.valid_from}"
            raise InvalidValue(field="value", reason=f"of {shown} is there already and differs; give it a later day")
    session.flush()
    return added


def list_constants(session: Session, *, calculator: str | None = None, day: date | None = None) -> Sequence[Constant]:
    """What is in force on a day, by calculator and name."""
    rates = load_rates(session, day)
    return rates.all() if calculator is None else tuple(rates.of(calculator)[name] for name in rates.names(calculator))


def list_versions(session: Session, calculator: str, name: str) -> Sequence[Constant]:
    """Every value that a constant has had or is going to have, the newest first, what ships with the program last."""
    put = session.scalars(rates_of(calculator, name).order_by(ReferenceRate.valid_from.desc()))
    shipped = [constant for constant in CONSTANTS if (constant.calculator, constant.name) == (calculator, name)]
    shipped.sort(key=lambda constant: constant.valid_from, reverse=True)
    return [*map(as_constant, put), *shipped]


def as_constant(row: ReferenceRate) -> Constant:
    """What a row says."""
    return Constant(row.calculator, row.name, row.value, row.unit, row.source, row.valid_from, row.details)


def _row(session: Session, constant: Constant) -> ReferenceRate:
    if constant.value is None and not constant.details:
        raise InvalidValue(field="value", reason="must be given where there are no details")
    return ReferenceRate(
        calculator=normalise_text(constant.calculator, "calculator", CALCULATOR_MAX),
        name=normalise_text(constant.name, "name", NAME_MAX),
        valid_from=constant.valid_from,
        value=constant.value,
        unit=normalise_text(constant.unit, "unit", UNIT_MAX),
        details=dict(constant.details),
        source=normalise_text(constant.source, "source", SOURCE_MAX),
        created_by=actor_of(session).id,
    )


def _key(constant: Constant) -> Key:
    return constant.calculator, constant.name, constant.valid_from
