"""A schedule that is said wrongly is refused, and one that is said rightly really fires."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
import yaml

from evpact.errors import ConfigurationError
from evpact.settings import PROJECT
from flows.server import has_server, own_server


@pytest.mark.parametrize(
    ("cron", "every", "timezone", "named"),
    [
        (None, None, "UTC", "--cron"),
        ("0 6 * * *", "6h", "UTC", "--cron"),
        ("at six", None, "UTC", "at six"),
        (None, "often", "UTC", "often"),
        (None, "0m", "UTC", "0m"),
        ("0 6 * * *", None, "Mars/Base", "Mars/Base"),
    ],
    ids=["nothing", "both", "no cron", "no interval", "zero interval", "no time zone"],
)
def test_a_schedule_said_wrongly_is_refused_by_name(
    cron: str | None, every: str | None, timezone: str, named: str
) -> None:
    from flows.schedule import make_schedule

    with pytest.raises(ConfigurationError, match=named):
        make_schedule(cron, every, timezone)


@pytest.fixture
def scheduling_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The server that `evpact schedule` starts where there is none; gives the address of its API."""
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    monkeypatch.setenv("PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS", "1")
    with own_server() as server:
        yield server.wait()


def test_the_pages_of_the_own_server_ask_that_server(scheduling_server: str) -> None:
    settings = json.loads(urlopen(f"{scheduling_server.removesuffix('/api')}/ui-settings").read())
    assert settings["api_url"] == scheduling_server


def test_a_server_that_is_named_and_does_not_answer_is_told_with_its_address() -> None:
    from prefect.settings import PREFECT_API_URL, temporary_settings

    address = "http://127.0.0.1:9/api"
    with temporary_settings(updates={PREFECT_API_URL: address}), pytest.raises(ConfigurationError) as told:
        has_server()
    assert address in str(told.value)
    assert "prefect server start" in str(told.value)
    assert "unset PREFECT_API_URL" in str(told.value)


def test_a_cron_deployment_produces_a_scheduled_run(scheduling_server: str) -> None:
    """With the wrong SQLAlchemy everything looks healthy and no run is ever scheduled: only this tells."""
    from flows import prefect_defaults

    prefect_defaults.apply(quiet=True)
    from prefect.client.orchestration import get_client
    from prefect.deployments.runner import RunnerDeployment
    from prefect.settings import PREFECT_API_URL, temporary_settings

    from flows.pipeline import evpact
    from flows.schedule import make_schedule

    with temporary_settings(updates={PREFECT_API_URL: scheduling_server}):
        deployment = evpact.to_deployment("often", schedule=make_schedule("* * * * *", None))
        assert isinstance(deployment, RunnerDeployment)
        deployment.apply()
        with get_client(sync_client=True) as client:
            until = time.monotonic() + 60
            while not (runs := client.read_flow_runs()) and time.monotonic() < until:
                time.sleep(0.5)
    assert runs, "no run was scheduled within a minute"
    assert runs[0].state is not None
    assert runs[0].state.name == "Scheduled"


def test_the_deployment_file_names_the_flow_and_lets_one_run_in() -> None:
    from flows.pipeline import evpact

    (deployment,) = yaml.safe_load((PROJECT / "prefect.yaml").read_text("utf-8"))["deployments"]
    path, _, name = deployment["entrypoint"].partition(":")
    assert (PROJECT / path).is_file()
    assert name == evpact.fn.__name__
    assert set(deployment["parameters"]) <= set(evpact.parameters.properties)
    assert deployment["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}


def test_a_served_run_understands_its_parameters_in_a_process_of_its_own(tmp_path: Path) -> None:
    """A runner hands the flow over pickled by value; annotations that are mere strings cannot be resolved there."""
    import cloudpickle

    import flows.pipeline

    cloudpickle.register_pickle_by_value(flows.pipeline)
    try:
        (tmp_path / "flow").write_bytes(cloudpickle.dumps(flows.pipeline.evpact))
    finally:
        cloudpickle.unregister_pickle_by_value(flows.pipeline)
    code = (
        "import sys, cloudpickle; flow = cloudpickle.load(open(sys.argv[1], 'rb')); "
        "print(flow.validate_parameters({'output': 'somewhere'})['output'])"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "flow")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=PROJECT)
    assert done.stdout.strip() == "somewhere", done.stderr[-500:]
