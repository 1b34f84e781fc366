"""Ctrl-C ends a run with one line and exit code 130, whatever becomes of the exception on its way."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from evpact.settings import PROJECT
from flows.server import own_server

_RUN = """
import os, signal
from flows import interruption
interruption._PATIENCE = {patience}
with interruption.interruptible("What was finished is kept.", lambda: print("cleaned up", flush=True)):
    try:
        os.kill(os.getpid(), signal.{signal})
    except KeyboardInterrupt:
        {reaction}
"""


@pytest.mark.parametrize("signal", ["SIGINT", "SIGTERM", "SIGHUP"])
@pytest.mark.parametrize(
    ("reaction", "patience"),
    [("raise", 600), ("raise RuntimeError('Query interrupted')", 600), ("signal.pause()", 0)],
    ids=["raised", "made another error", "swallowed"],
)
def test_an_interruption_ends_the_process_with_a_word(signal: str, reaction: str, patience: int) -> None:
    code = _RUN.format(signal=signal, reaction=reaction, patience=patience)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=PROJECT)
    assert (done.returncode, done.stderr) == (130, "What was finished is kept.\n")
    assert ("cleaned up" in done.stdout) == (patience == 0)


_FINALISER = """
import os, signal, time
from flows.interruption import interruptible
class Finalised:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)
with interruptible("What was finished is kept.", lambda: None):
    Finalised()
    time.sleep(600)
"""


def test_an_interruption_that_a_finaliser_swallows_comes_again() -> None:
    done = subprocess.run([sys.executable, "-c", _FINALISER], capture_output=True, text=True, check=False, cwd=PROJECT)
    assert (done.returncode, done.stderr) == (130, "What was finished is kept.\n")


def test_ctrl_c_does_not_reach_the_own_server() -> None:
    with own_server(temporary=True) as server:
        assert os.getpgid(server.process.pid) != os.getpgid(0)
