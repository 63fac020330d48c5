"""A file of data that anybody sends to be checked: within tight bounds, and a few at a time."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from vocab_server.errors import InvalidError, TooLargeError
from vocab_server.operation.concept_columns import compare_columns
from vocab_server.quality.data.fault import DataReport
from vocab_server.quality.data.looking import DataLimits, Told, look_into
from vocab_server.quality.uploads import place_for_check
from vocab_server.store.parsing import MIB
from vocab_server.views import View

LARGEST = 10 * MIB  # bytes
LIMITS = DataLimits(size=LARGEST, seconds=30, memory=512 * MIB)
TEXT = "text"  # what a file without a name is called
FORMATS = {".geojson": "geojson", ".csv": "csv", ".tsv": "csv", ".json": "json"}


def try_data(
    content: bytes,
    name: str,
    schema: Mapping[str, Any] | None,
    concepts: Mapping[str, tuple[str, str]],
    view: View,
    languages: tuple[str, ...],
) -> DataReport:
    """What is wrong with a file, of which nothing is kept.

    Raises InvalidError when there is nothing, TooLargeError for too much, and BusyError when too
    many ask at the same time.
    """
    if not content.strip():
        raise InvalidError("There is nothing to check. Paste data, or choose a file.")
    if len(content) > LARGEST:
        raise TooLargeError("At most %(largest)s MB can be checked here.", largest=LARGEST // MIB)
    with place_for_check(), TemporaryDirectory(prefix="vocab-server-data-") as work:
        source = Path(work) / "data"
        source.write_bytes(content)
        stated = FORMATS.get(Path(name).suffix.lower(), "")
        report = look_into(source, name or TEXT, Told(stated, schema, concepts), LIMITS)
        return report.with_more(compare_columns(report, view, languages))
