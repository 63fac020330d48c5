"""Checks in a process apart, within bounds: one that takes too long is stopped, the others go on.

Why: a query cannot be interrupted, and one that explodes on dirty data would hold a server.
"""

import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from threading import Timer

from vocab_server.errors import StoreUnavailableError
from vocab_server.quality.check import Check
from vocab_server.quality.check_job import CheckJob
from vocab_server.quality.checks import CHECKS, get_check
from vocab_server.quality.report import Report, ReportWriter

MIB = 1024 * 1024  # bytes
START = 180.0  # seconds until a file of the largest size is loaded

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CheckLimits:
    """How much a report may ask for: seconds of one check and of all, bytes of memory."""

    one: float = 120.0  # a loaded machine gives a check a tenth of its time
    all: float = 600.0
    memory: int = 3072 * MIB


CHECK_LIMITS = CheckLimits()


def check_apart(
    target: Path,
    *,
    snapshot: Path | None = None,
    file: Path | None = None,
    graph: str,
    checks: Sequence[Check] = CHECKS,
    languages: Sequence[str] = (),
    broken: Sequence[str] = (),
    limits: CheckLimits = CHECK_LIMITS,
) -> Report:
    """Make a report on a graph of a snapshot, or on a file of N-Triples, in the file ``target``.

    A check that fails, takes too long or needs too much memory is a result with the reason.
    Raises StoreUnavailableError when nothing can be read.
    """
    job = CheckJob(
        snapshot=str(snapshot) if snapshot else None,
        file=str(file) if file else None,
        graph=graph,
        languages=tuple(languages),
        broken=tuple(broken),
        checks=tuple(check.id for check in checks),
        target=str(target),
        memory=limits.memory,
        parent=os.getpid(),
    )
    end = time.monotonic() + limits.all
    while job.checks:
        stopped = _run(job, min(limits.one, max(end - time.monotonic(), 0.1)))
        if stopped is None:
            break
        _note_failure(target, stopped, limits)
        job = replace(job, checks=job.checks[job.checks.index(stopped) + 1 :])
        if time.monotonic() >= end:
            for left in job.checks:
                _note_failure(target, left, limits)
            break
    return Report(target)


def _note_failure(target: Path, check: str, limits: CheckLimits) -> None:
    with closing(ReportWriter(target)) as writer:
        reason = f"It takes too long (more than {limits.one:g} seconds) or too much memory."
        writer.fail(get_check(check), reason, limits.one)


def _run(job: CheckJob, seconds: float) -> str | None:
    """Run the checks of a job; that at which the process ended, None when it came to the end."""
    command = [sys.executable, "-P", "-m", "vocab_server.quality.check_process"]
    process = subprocess.Popen(  # noqa: S603  (our own module, no shell)
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    begun = None
    try:
        if process.stdin is not None:
            process.stdin.write(json.dumps(asdict(job)).encode())
            process.stdin.close()
        for begun, is_done in _listen(process, seconds):
            if is_done and begun == job.checks[-1]:
                return None
    except BrokenPipeError:
        pass
    finally:
        process.kill()
        process.wait()
        said = process.stderr.read() if process.stderr else b""
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
    if begun is None:
        _log.warning("check process ended: %s", said.decode(errors="replace")[-2000:])
        raise StoreUnavailableError("The checks could not be run: the data could not be read.")
    return begun


def _listen(process: subprocess.Popen[bytes], seconds: float) -> Iterator[tuple[str, bool]]:
    """Which check has begun, or (True) is done; ends when the process does, or is stopped."""
    timer = Timer(START, process.kill)
    timer.daemon = True
    timer.start()
    try:
        for line in process.stdout or ():
            timer.cancel()
            for word, check in json.loads(line).items():
                if word == "begin":
                    timer = Timer(seconds, process.kill)
                    timer.daemon = True
                    timer.start()
                yield check, word == "done"
    finally:
        timer.cancel()
