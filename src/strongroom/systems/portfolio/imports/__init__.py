"""Files that come in: quarterly figures as companies send them, and published exchange rates."""

from strongroom.kernel.files.numbers import DecimalMark
from strongroom.systems.portfolio.imports.checking import Imported, Progress, Reading, check_file, import_file
from strongroom.systems.portfolio.imports.choices import Choices
from strongroom.systems.portfolio.imports.problems import Problem
from strongroom.systems.portfolio.imports.rates.monthly import RatesImported, import_rates
from strongroom.systems.portfolio.imports.template.beginning import build_template

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
