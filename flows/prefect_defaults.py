"""Settings of Prefect that evpact wants unless the environment says otherwise; import before anything of Prefect."""

from __future__ import annotations

import os

_DEFAULTS = {
    # What the stages log reaches the run's page in Prefect's UI.
    "PREFECT_LOGGING_EXTRA_LOGGERS": "evpact",
    # Without a server, Prefect starts one for the run; on a busy machine that takes longer than its default allows.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
}

_QUIET = {
    # On the command line evpact speaks for itself. The temporary server logs errors of its own shutdown though all went
    # well (prefect 3.8), so only what is critical is let through.
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "PREFECT_INTERNAL_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
}


def apply(*, quiet: bool = False) -> None:
    """Set what the environment leaves open; `quiet` for runs that a person watches in a terminal."""
    for name, value in (_DEFAULTS | _QUIET if quiet else _DEFAULTS).items():
        os.environ.setdefault(name, value)
