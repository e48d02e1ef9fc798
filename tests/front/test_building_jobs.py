"""Jobs as the whole building runs them: with the options of every system, in processes of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from strongroom.assembly import SYSTEMS, Building
from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.jobs import find_job
from strongroom.kernel.system import System
from strongroom.settings import Settings
from strongroom.systems.forecasting.services.training import TrainingRequest, request_training
from tests.systems.forecasting.building import REVENUE, SEASONAL, acting, add_upload, add_user, points


@pytest.fixture(scope="session")
def systems() -> tuple[System, ...]:
    return SYSTEMS


@pytest.fixture
def building(postgresql_options: DatabaseOptions, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Building]:
    folder = tmp_path_factory.mktemp("data")
    keys = {name: SecretStr("k" * 40) for name in ("secret_key", "banking_card_key", "biotech_webhook_key")}
    building = Building(Settings(database_url=SecretStr(postgresql_options.url), data_dir=folder, **keys))  # type: ignore[arg-type]
    yield building
    building.stop()


def test_a_worker_of_the_building_trains_in_a_process_of_its_own(building: Building) -> None:
    request = TrainingRequest("Sales", REVENUE, method="seasonal_naive")
    user = building.database.write(add_user)
    building.database.write(add_upload, user.id, points(SEASONAL))
    job_id = building.database.acting_as(acting(user)).write(request_training, request)
    building.build_worker().work_off()
    job = building.database.read(find_job, job_id)
    assert job is not None
    assert (job.status, job.error) == ("succeeded", None)
