"""The plug of biotech: all the building needs to know of this room."""

from __future__ import annotations

from pathlib import Path

from strongroom.kernel.system import System
from strongroom.systems.biotech.checks import CHECKS
from strongroom.systems.biotech.commands import commands
from strongroom.systems.biotech.errors import DrugCandidateExists, ScoreExists, TickerTaken
from strongroom.systems.biotech.migrations.objects import OBJECTS
from strongroom.systems.biotech.models import SCHEMA, Base
from strongroom.systems.biotech.options import BiotechOptions
from strongroom.systems.biotech.samples import load_samples
from strongroom.systems.biotech.services.deliveries import DELIVER

__all__ = ["BiotechOptions", "system"]

system = System(
    name=SCHEMA,
    title="Biotech",
    tables=Base.metadata,
    migrations=Path(__file__).parent / "migrations" / "versions",
    objects=OBJECTS,
    checks=CHECKS,
    errors_by_constraint={
        "uq_companies_ticker": TickerTaken,
        "uq_drug_candidates_company_id_name": DrugCandidateExists,
        "uq_ma_scores_company_id_score_date": ScoreExists,
    },
    load_samples=load_samples,
    routes="strongroom.systems.biotech.routes:router",
    commands=commands,
    jobs=(DELIVER,),
)
