"""RoDTEP: what share of the value on board is remitted, by the longest beginning of the code."""

from __future__ import annotations

from datetime import date

from strongroom.systems.export_readiness.rules.constants.seeds import Publication
from strongroom.systems.export_readiness.rules.reference_rates import Constant

SCHEDULE = Publication(
    "illustrative; the schedule in force is Appendix 4R of the Foreign Trade Policy, by eight digits, with caps",
    date(2021, 1, 1),
)
SCHEME = Publication(
    "Scheme for Remission of Duties and Taxes on Exported Products, DGFT Notification 19/2015-20 of 17 August 2021; "
    "Notifications 75 and 76/2021-Customs (N.T.)",
    date(2021, 1, 1),
)
HALVED = Publication("DGFT Notification 60/2025-26 of 23 February 2026 and its corrigendum", date(2026, 2, 23))
PROLONGED = Publication(
    "Press Information Bureau, 1 April 2026: the scheme goes on; compare with the notification of the DGFT",
    date(2026, 4, 1),
)
LAPSED = Publication("nothing later is known here: compare with the notifications of the DGFT", date(2026, 10, 1))
ROSCTL = Publication(
    "RoSCTL, Ministry of Textiles, Notification 14/26/2016-IT (Vol. II) of 7 March 2019: garments and made-ups",
    date(2019, 3, 7),
)

_ALWAYS = ["Paid as a transferable e-scrip", "The rate is illustrative: look up the eight digits in Appendix 4R"]


def _notes(by: Publication, *more: str) -> Constant:
    return by.table("rodtep_notes", "everything", "list", items=[*_ALWAYS, *more])


RODTEP: tuple[Constant, ...] = (
    *SCHEDULE.numbers(
        "rodtep", "percent",
        {
            "091030": "2.5", "091020": "2.3", "091091": "2.4", "0910": "2.3",
            "6109": "4.3", "6110": "4.1", "6203": "4.2", "6204": "4.2", "61": "4.0", "62": "3.9",
            "9405": "3.8", "8541": "3.5", "8539": "3.6", "94": "3.5",
            "3304": "2.1", "3305": "2.0", "3307": "1.9", "33": "2.0",
            "4202": "3.2", "6403": "3.4", "42": "3.1",
            "9503": "2.8", "95": "2.7",
            "2933": "1.8", "3004": "1.7", "29": "1.6",
            "8481": "3.0", "7326": "2.9", "84": "2.8",
            "default": "1.5",
        },
    ),
    _notes(SCHEME),
    _notes(HALVED, "Outside chapters 01 to 24 only half of the notified rate and cap is remitted for the time being"),
    _notes(PROLONGED, "The scheme runs until 30 September 2026"),
    _notes(LAPSED, "The scheme ran until 30 September 2026: ask whether it was prolonged"),
    SCHEME.table("rodtep_notes", "services", "list", items=["RoDTEP covers goods only"]),
    ROSCTL.table(
        "rodtep_notes", "garments", "list",
        chapters=["61", "62", "63"], items=["Garments and made-ups may fall under RoSCTL instead"],
    ),
)  # fmt: skip
