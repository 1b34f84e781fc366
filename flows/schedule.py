"""The schedule: the flow served by cron or interval, at most one run at a time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.schedules import Cron, Interval, Schedule

from flows.arguments import ArgumentError

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def make_schedule(cron: str | None, every: str | None, timezone: str = "UTC") -> Schedule:
    """The schedule that the arguments say.

    Raises:
        ArgumentError: Neither or both are given, or one cannot be understood.
    """
    if (cron is None) == (every is None):
        raise ArgumentError('Say when to run: either --cron "0 6 * * *" or --every 6h.')
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ArgumentError(f"There is no time zone {timezone!r}. Name one like UTC or Europe/Berlin.") from error
    if cron is not None:
        try:
            return Cron(cron, timezone=timezone)
        except ValueError as error:
            raise ArgumentError(f'{cron!r} is no cron expression; "0 6 * * *" is six every morning.') from error
    match = re.fullmatch(r"([1-9]\d{0,5})([mhd])", every or "")
    if not match:
        raise ArgumentError(f"{every!r} is no interval; write 30m, 6h or 1d.")
    return Interval(timedelta(**{_UNITS[match[2]]: int(match[1])}))


def serve(schedule: Schedule, parameters: Mapping[str, Any]) -> None:
    """Serve the flow until interrupted; a run that is due while another goes on is cancelled."""
    from flows.pipeline import evpact

    evpact.serve(
        name="scheduled",
        schedule=schedule,
        parameters=dict(parameters),
        limit=1,
        global_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW),
    )
