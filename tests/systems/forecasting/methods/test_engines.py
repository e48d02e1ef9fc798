"""The same forecasts on an engine that spreads them over a cluster."""

from __future__ import annotations

import pytest

from strongroom.systems.forecasting.methods import Series, forecast_many
from strongroom.systems.forecasting.methods.panel import forecast_on_engine

METHODS = ("naive", "theta", "auto")


@pytest.mark.heavy
@pytest.mark.filterwarnings("ignore")  # the libraries warn of one another
def test_a_dask_cluster_gives_what_this_machine_gives() -> None:
    import dask.dataframe
    from distributed import Client, LocalCluster

    series = [
        Series(f"s{number}", tuple(float((step * (number + 3)) % 11 + step) for step in range(30)), 4, season)
        for number, season in enumerate((1, 1, 4, 4, 4, 1))
    ]
    here = {(found.series, found.method): found for found in forecast_many(series, METHODS, workers=1)}
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        Client(cluster),
    ):
        frames = list(
            forecast_on_engine(series, METHODS, lambda frame: dask.dataframe.from_pandas(frame, npartitions=2))
        )
        there = [row for frame in frames for row in frame.compute().to_dict("records")]
    assert len(there) == len(series) * 4
    for row in there:
        for method in METHODS:
            found = here[row["unique_id"], method]
            step = int(row["ds"]) - 31
            assert row[method] == pytest.approx(found.mean[step])
            assert row[f"{method}-lo-95"] == pytest.approx(found.lower[step])
            assert row[f"{method}-hi-95"] == pytest.approx(found.upper[step])
