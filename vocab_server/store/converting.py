"""Frozen N-Triples into other formats, in a process apart: minutes for the biggest vocabularies.

``python -m vocab_server.store.converting SOURCE MEDIA-TYPE TARGET`` is that process.
"""

import gzip
import subprocess
import sys
from pathlib import Path

from vocab_server.errors import StoreUnavailableError
from vocab_server.store.serialization import convert

LEVEL = 6  # of gzip
LONGEST = 3_600  # seconds


def convert_file(source: Path, media_type: str, target: Path) -> None:
    """Write a gzipped file of N-Triples as a gzipped file of another format.

    Raises StoreUnavailableError when that fails or takes too long.
    """
    command = [sys.executable, "-m", __name__, str(source), media_type, str(target)]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=LONGEST)  # noqa: S603
    except (subprocess.SubprocessError, OSError) as error:
        raise StoreUnavailableError(
            "%(source)s could not be written as %(format)s.",
            source=source.name,
            format=media_type,
        ) from error


def _run(source: str, media_type: str, target: str) -> None:
    with gzip.open(source, "rb") as read, gzip.open(target, "wb", LEVEL) as written:
        convert(read, media_type, written)


if __name__ == "__main__":
    _run(*sys.argv[1:])
