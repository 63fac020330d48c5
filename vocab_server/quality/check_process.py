"""A process that runs checks, and that its parent may stop at any time.

``python -m vocab_server.quality.check_process`` reads a job from standard input and writes what
each check finds into a report; lines on standard output tell which it begins, and has done.
"""

import json
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from rdflib import URIRef

from vocab_server.quality.check import Check
from vocab_server.quality.check_job import CheckJob
from vocab_server.quality.checks import get_check
from vocab_server.quality.report import ReportWriter
from vocab_server.quality.running import Looked, lines_of
from vocab_server.store.confinement import confine, run_with_deep_stack
from vocab_server.store.embedded import EmbeddedStore
from vocab_server.store.snapshots import Lease

LARGEST = 16 * 1024**3  # bytes of a report


def main() -> None:
    """Do the job that standard input describes."""
    job = CheckJob(**json.loads(sys.stdin.buffer.read()))
    confine(job.memory, parent=job.parent, files=LARGEST)
    run_with_deep_stack(lambda: _run(job))


def _run(job: CheckJob) -> None:
    with ExitStack() as opened:
        store = _open(job, opened)
        writer = ReportWriter(Path(job.target))
        opened.callback(writer.close)
        material = Looked(store, URIRef(job.graph), job.languages, job.broken)
        for check in map(get_check, job.checks):
            _tell("begin", check)
            _check(check, material, writer)
            _tell("done", check)


def _open(job: CheckJob, opened: ExitStack) -> EmbeddedStore:
    if job.file is not None:
        store = EmbeddedStore.in_memory()
        store.load(URIRef(job.graph), Path(job.file))
    else:
        snapshot = Path(job.snapshot or "")
        opened.enter_context(Lease(snapshot))
        store = EmbeddedStore.read_only(snapshot / "store")
    opened.callback(store.close)
    return store


def _check(check: Check, material: Looked, writer: ReportWriter) -> None:
    """Run a check; what it raises is a line in the report."""
    start = time.process_time()  # others at work on the machine do not count
    try:
        lines = lines_of(check, material)
    except Exception as error:
        reason = f"It failed: {type(error).__name__}: {error}"
        writer.fail(check, reason, time.process_time() - start)
    else:
        writer.add(check, lines, time.process_time() - start)


def _tell(word: str, check: Check) -> None:
    sys.stdout.write(json.dumps({word: check.id}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
