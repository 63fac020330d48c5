"""The machine that figures were taken on, so that others can tell what they are worth."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

from vocab_server.__version__ import __version__
from vocab_server.config import CORES

GIB = 1024**3  # bytes


def machine() -> dict[str, str]:
    """What this machine is, in words; no name of it."""
    return {
        "processor": _processor(),
        "cores": str(CORES),
        "memory": _memory(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "version": __version__,
        "taken": f"{datetime.now(UTC):%Y-%m-%d}",
    }


def _processor() -> str:
    """The name that Linux gives the processor, else the kind that Python knows."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _memory() -> str:
    try:
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):  # other systems have other names
        return "unknown"
    return f"{size / GIB:.0f} GiB"
