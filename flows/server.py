"""A Prefect server of one's own, for runs and schedules that have no other.

A run in a terminal gets a temporary one, which starts while the libraries of the run are imported; a schedule gets a
whole one, since temporary servers of Prefect schedule nothing.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from socket import socket
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

from evpact.errors import ConfigurationError

_PATIENCE: Final = 120.0
"""Seconds to wait for the server to answer."""

_WHOLE: Final = ("prefect", "server", "start")
# What Prefect itself starts for a flow that has no server: an API without pages and without a scheduler.
_TEMPORARY: Final = ("uvicorn", "--factory", "prefect.server.api.server:create_app", "--log-level", "critical")
_TEMPORARY_SETTINGS: Final = {
    "PREFECT__SERVER_EPHEMERAL": "1",
    "PREFECT__SERVER_FINAL": "1",
    "PREFECT_SERVER_UI_ENABLED": "false",
}


@dataclass(frozen=True)
class OwnServer:
    """A server that was started; it answers some seconds later.

    Attributes:
        process: Its process.
        port: Its port on loopback.
    """

    process: subprocess.Popen[bytes]
    port: int

    @property
    def api(self) -> str:
        """Address of its API, as `PREFECT_API_URL` has it."""
        return f"http://127.0.0.1:{self.port}/api"

    def wait(self) -> str:
        """Wait until it answers; gives the address of its API.

        Raises:
            ConfigurationError: It does not start.
        """
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            try:
                urlopen(f"{self.api}/health", timeout=2).close()  # noqa: S310 - loopback
            except (URLError, OSError):
                time.sleep(0.1)
            else:
                return self.api
        raise ConfigurationError(
            "No Prefect server could be started. See what `prefect server start` says, or name one in PREFECT_API_URL."
        )


@contextmanager
def own_server(*, temporary: bool = False) -> Iterator[OwnServer]:
    """Run a server on loopback while the context lasts; it may not answer yet.

    Args:
        temporary: Only what a single run needs, which starts in half the time.
    """
    with closing(socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", *(_TEMPORARY if temporary else _WHOLE), "--host", "127.0.0.1", "--port", str(port)]
    environment = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
    # Otherwise the pages ask for their data at the default port, where nobody answers.
    environment["PREFECT_SERVER_UI_API_URL"] = f"http://127.0.0.1:{port}/api"
    environment.setdefault("PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT", "false")
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(  # noqa: S603 - our own words
        command,
        env=environment | (_TEMPORARY_SETTINGS if temporary else {}),
        stdout=quiet,
        stderr=quiet,
        start_new_session=True,  # Ctrl-C is not for the server: the run still has to tell it that it ends
    )
    try:
        yield OwnServer(process, port)
    finally:
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def use(server: str) -> None:
    """Let Prefect report to the server at this address from now on, whatever it read from the environment before."""
    from prefect.context import refresh_global_settings_context

    os.environ["PREFECT_API_URL"] = server
    refresh_global_settings_context()


def without_heartbeat() -> AbstractContextManager[object]:
    """While it lasts, runs send no sign of life: a server with one run needs none, and it takes a second."""
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    return temporary_settings(updates={PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None})


def has_server() -> bool:
    """Whether the environment or the profile of Prefect names a server.

    Raises:
        ConfigurationError: It names one that does not answer.
    """
    from prefect.settings import PREFECT_API_URL

    address = PREFECT_API_URL.value()
    if not address:
        return False
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        fault = client.api_healthcheck()
    if fault:
        how = "" if os.environ.get("PREFECT_API_URL") else " (`prefect config unset PREFECT_API_URL`)"
        raise ConfigurationError(
            f"The Prefect server at {address}, which PREFECT_API_URL names, does not answer ({fault}). Start it with "
            f"`prefect server start`, or unset PREFECT_API_URL{how}: evpact then starts a server of its own."
        )
    return True
