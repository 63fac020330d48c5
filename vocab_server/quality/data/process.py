"""A process that looks into one file of data, and that its parent may kill at any time.

``python -m vocab_server.quality.data.process`` reads a DataJob as JSON from standard input and
writes a report as JSON to standard output.
"""

import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

from vocab_server.quality.data.fault import DataReport, Findings, to_plain
from vocab_server.quality.data.job import DataJob
from vocab_server.quality.data.reading import read_data
from vocab_server.store.confinement import confine, run_with_deep_stack

LARGEST = 64 * 1024 * 1024  # bytes of a log or temporary file


def main() -> None:
    """Do the job that standard input describes."""
    job = DataJob(**json.loads(sys.stdin.buffer.read()))
    confine(job.memory, parent=job.parent, files=LARGEST)
    told = run_with_deep_stack(partial(_outcome, job))
    sys.stdout.write(json.dumps({"done": told}) + "\n")
    sys.stdout.flush()


def _outcome(job: DataJob) -> dict[str, Any]:
    try:
        return to_plain(read_data(job))
    except MemoryError:
        findings = Findings()
        findings.add("GET-3")
        size = Path(job.source).stat().st_size
        return to_plain(DataReport(size=size, findings=findings.found()))


if __name__ == "__main__":
    main()
