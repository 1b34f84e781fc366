"""The DAG: sources -> articles -> events -> candidate -> verdict -> release or quarantine.

One flow whose stages are tasks. Each stage hands the next a path or a small summary: articles and extractions stay in
the working state, tables in the candidate's folder. What a stage does is in `tasks/`; how it is run is in
`flows/stages.py`.
"""

# No `from __future__ import annotations` here: a runner loads this file by its path, and Prefect must then be able to
# resolve the types of the parameters.
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree

from flows import prefect_defaults

prefect_defaults.apply()

from prefect import flow  # noqa: E402
from prefect.client.schemas.objects import State  # noqa: E402
from prefect.states import Completed, Failed  # noqa: E402

from evpact.settings import EXTRACTOR, REFERENCE, SOURCES, default_processes  # noqa: E402
from flows import stages  # noqa: E402
from flows.outcome import Outcome, Settings, exclusive  # noqa: E402


@flow(
    name="evpact",
    description="News in, a validated and versioned dataset of who partners with whom in the EV industry out.",
    flow_run_name="evpact {output}",
    validate_parameters=True,
)
def evpact(
    sources: Path = SOURCES,
    output: Path = Path("output"),
    reference: Path = REFERENCE,
    extractor: str = EXTRACTOR,
    processes: int = default_processes(),
    accept_loss: str | None = None,
) -> State[Outcome]:
    """Read the news, understand it, and publish a new version of the dataset if it is sound.

    Args:
        sources: TOML file that says what to read.
        output: Folder of releases, quarantine and working state.
        reference: Folder of the reviewed tables of organisations, places and words.
        extractor: Name of the extractor that turns articles into events.
        processes: Processes for work on the CPU.
        accept_loss: Why this run may publish a release that lacks much of the one before, as after sources were taken
            out; without, the gate refuses it.
    """
    settings = Settings(sources, output, reference, extractor, processes, accept_loss, started=datetime.now(UTC))
    with exclusive(output):
        intake = stages.ingest(settings)
        comparison = stages.compare(settings, intake)
        if comparison.outcome is not None:
            return Completed(message=comparison.outcome.message, data=comparison.outcome)
        stages.extract(settings, intake)
        candidate = stages.resolve(settings, intake)
        verdict = stages.validate(settings, candidate)
        outcome = stages.publish(settings, intake, comparison.inputs, candidate, verdict)
        rmtree(settings.staging, ignore_errors=True)  # the texts there are the publishers' own
    if outcome.result == "refused":
        return Failed(name="Refused", message=outcome.message, data=outcome)
    return Completed(message=outcome.message, data=outcome)
