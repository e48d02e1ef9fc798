"""The constants that ship with the program: each with its source and the day it holds from, none hidden in code.

What an administrator puts into reference_rates stands in front of them.
"""

from strongroom.systems.export_readiness.rules.constants.assessment import ASSESSMENT
from strongroom.systems.export_readiness.rules.constants.documents import DOCUMENTS
from strongroom.systems.export_readiness.rules.constants.finance import FINANCE
from strongroom.systems.export_readiness.rules.constants.inspection import INSPECTION
from strongroom.systems.export_readiness.rules.constants.logistics import LOGISTICS
from strongroom.systems.export_readiness.rules.constants.rodtep import RODTEP
from strongroom.systems.export_readiness.rules.reference_rates import Constant

CONSTANTS: tuple[Constant, ...] = (*ASSESSMENT, *FINANCE, *RODTEP, *LOGISTICS, *INSPECTION, *DOCUMENTS)

__all__ = ["CONSTANTS"]
