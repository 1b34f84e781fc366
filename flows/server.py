"""A Prefect server of one's own, for a schedule that has no other: temporary servers of Prefect schedule nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from socket import socket
from urllib.error import URLError
from urllib.request import urlopen

from evpact.errors import ConfigurationError

_PATIENCE = 120.0
"""Seconds to wait for the server to answer."""


@contextmanager
def own_server() -> Iterator[str]:
    """Run a server on loopback while the context lasts; gives the address of its API.

    Raises:
        ConfigurationError: It does not start.
    """
    with closing(socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    environment = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet)  # noqa: S603 - our own words
    try:
        _wait(f"http://127.0.0.1:{port}/api/health", server)
        yield f"http://127.0.0.1:{port}/api"
    finally:
        server.terminate()
        try:
            server.wait(timeout=5)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            urlopen(address, timeout=2).close()  # noqa: S310 - loopback
        except (URLError, OSError):
            time.sleep(0.5)
        else:
            return
    raise ConfigurationError(
        "No Prefect server could be started. See what `prefect server start` says, or name one in PREFECT_API_URL."
    )
