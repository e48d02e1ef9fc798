"""One figure across groups of companies: a box for the middle half, a dot for each company."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from strongroom.kernel.drawing import BLUE, GREY, VERMILION, ChartFormat, Frame, Scale, draw, note_emptiness, short_name
from strongroom.kernel.errors import InvalidValue
from strongroom.systems.portfolio.charts.words import scale_of, source_line
from strongroom.systems.portfolio.rules.measures import Measure
from strongroom.systems.portfolio.services.cohorts import Cohort, CohortComparison

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_DOT_STEP = 0.07


def cohort_chart(
    comparison: CohortComparison, form: ChartFormat = ChartFormat.SVG, *, measure: Measure | None = None
) -> bytes:
    """measure: one of the comparison's, its first when None. Raises InvalidValue for any other."""
    shown = measure or comparison.measures[0]
    if shown not in comparison.measures:
        raise InvalidValue(field="measure", reason="is none of those that were compared")
    cohorts = [cohort for cohort in comparison.cohorts if cohort.spreads[shown] is not None]
    scale = scale_of(shown.unit, comparison.currency, (value for cohort in cohorts for value in _values(cohort, shown)))
    frame = Frame(
        title=f"{shown.label} by {comparison.by.replace('_', ' ')}, {comparison.quarter}",
        subtitle="Box: the middle half and the median; whiskers: the lowest and the highest; dots: the companies",
        source=source_line(comparison.currency, comparison.known_at, str(comparison.quarter)),
        height_inches=1.7 + 0.7 * max(len(cohorts), 2),
    )

    def paint(figure: Figure) -> None:
        panel = figure.subplots()
        panel.set_xlabel(f"{shown.label}, {scale.words}")
        panel.grid(axis="y", visible=False)
        panel.grid(axis="x", visible=True)
        if not cohorts:
            note_emptiness(panel)
            return
        _draw_cohorts(panel, cohorts, shown, scale)

    return draw(frame, paint, form)


def _draw_cohorts(panel: Axes, cohorts: Sequence[Cohort], measure: Measure, scale: Scale) -> None:
    places = list(range(len(cohorts)))
    panel.bxp(
        [_box(cohort, measure, scale) for cohort in cohorts],
        positions=places,
        orientation="horizontal",
        widths=0.5,
        showfliers=False,
        boxprops={"color": BLUE},
        whiskerprops={"color": BLUE},
        capprops={"color": BLUE},
        medianprops={"color": VERMILION, "linewidth": 2},
    )
    for place, cohort in zip(places, cohorts, strict=True):
        for value, shift in _spread_out(_values(cohort, measure)):
            panel.plot(
                scale.coordinate(value), place + shift, "o", markersize=4, color=GREY, alpha=0.7, markeredgewidth=0
            )
        spread = cohort.spreads[measure]
        assert spread is not None
        panel.annotate(
            f"median {scale.label(spread.median)}", (scale.coordinate(spread.median), place - 0.3),
            (0, 2), textcoords="offset points", ha="center", size=8,
        )  # fmt: skip
    panel.set_yticks(places, [f"{short_name(cohort.name)} ({_count(cohort, measure)})" for cohort in cohorts])
    panel.set_ylim(len(cohorts) - 0.5, -0.6)


def _box(cohort: Cohort, measure: Measure, scale: Scale) -> dict[str, Any]:
    """Our own quartiles: the library would compute others, from floats."""
    spread = cohort.spreads[measure]
    assert spread is not None
    return {
        "whislo": scale.coordinate(spread.minimum),
        "q1": scale.coordinate(spread.lower_quartile),
        "med": scale.coordinate(spread.median),
        "q3": scale.coordinate(spread.upper_quartile),
        "whishi": scale.coordinate(spread.maximum),
    }


def _spread_out(values: Sequence[Decimal]) -> Iterator[tuple[Decimal, float]]:
    """Each value with a shift to the side when others have the same, alternately, so that no dot hides another."""
    seen: Counter[Decimal] = Counter()
    for value in values:
        step = (seen[value] + 1) // 2 * (1 if seen[value] % 2 else -1)
        seen[value] += 1
        yield value, max(-0.4, min(0.4, step * _DOT_STEP))


def _values(cohort: Cohort, measure: Measure) -> list[Decimal]:
    return [value for member in cohort.members if (value := member.values[measure]) is not None]


def _count(cohort: Cohort, measure: Measure) -> int:
    return len(_values(cohort, measure))
