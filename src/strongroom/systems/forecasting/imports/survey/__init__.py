"""What a file shows of how it is to be read, over all of its rows, with the evidence; what stays open is a question."""

from strongroom.systems.forecasting.imports.survey.findings import Finding, Option
from strongroom.systems.forecasting.imports.survey.surveying import Survey, survey

__all__ = ["Finding", "Option", "Survey", "survey"]
