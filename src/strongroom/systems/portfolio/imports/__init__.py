"""Files that come in: quarterly figures as companies send them, and published exchange rates."""

from strongroom.systems.portfolio.imports.checking import Imported, Progress, Reading, check_file, import_file
from strongroom.systems.portfolio.imports.choices import Choices
from strongroom.systems.portfolio.imports.problems import Problem
from strongroom.systems.portfolio.imports.rates.monthly import RatesImported, import_rates
from strongroom.systems.portfolio.imports.template.beginning import build_template
from strongroom.systems.portfolio.imports.wording.numbers import DecimalMark

__all__ = [
    "Choices",
    "DecimalMark",
    "Imported",
    "Problem",
    "Progress",
    "RatesImported",
    "Reading",
    "build_template",
    "check_file",
    "import_file",
    "import_rates",
]
