"""Whatever is in a file, it is read to a report: no input is an error of ours."""

import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.quality.data.files import BAD, GOOD, PEOPLE
from vocab_server.quality.data.fault import from_plain, to_plain
from vocab_server.quality.data.faults import get_fault
from vocab_server.quality.data.job import DataJob
from vocab_server.quality.data.looking import MIB
from vocab_server.quality.data.reading import read_data
from vocab_server.quality.data.scores import scores

FORMATS = ("csv", "json", "geojson", "xml", "xlsx", "")
STARTS = (b"", b'{"type":"FeatureCollection","features":[', b"<a>", b"a,b\n", b"[", b"PK\x03\x04")
SIGNS = st.text(alphabet='[]{}",:;\n\t<>/=&!?-.0123456789aeåÅ\0\ufeff"type', max_size=60)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=12,
)


def read(data: bytes, stated: str, schema: Any = None) -> None:
    """Read a file with these bytes, and what comes of it as pages do."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(data)
        job = DataJob(str(path), "file", folder, os.getpid(), MIB, 0, stated, schema)
        report = read_data(job)
    assert from_plain(json.loads(json.dumps(to_plain(report)))) == report
    json.dumps(to_plain(report), ensure_ascii=False).encode()  # it can be written
    assert all(get_fault(found.fault) and found.count for found in report.findings)
    assert all(value is None or 0 <= value <= 100 for value in scores(report).values())


@given(st.sampled_from(STARTS), SIGNS, st.sampled_from(FORMATS))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_any_text_is_read(start: bytes, text: str, stated: str) -> None:
    read(start + text.encode(), stated, PEOPLE if stated == "csv" else None)


@given(st.binary(max_size=80), st.sampled_from(FORMATS))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_any_bytes_are_read(data: bytes, stated: str) -> None:
    read(data, stated)


@given(JSON)
@settings(max_examples=50, deadline=None, derandomize=True)
def test_any_json_may_be_a_description(told: Any) -> None:
    schema = told if isinstance(told, dict) else {"fields": told, "tableSchema": told}
    read(b"a,b\n1,2\n", "csv", schema)
    read(b"a,b\n1,2\n", "csv", {"tableSchema": {"columns": [schema], "primaryKey": told}})
    read(b"a,b\n1,2\n", "csv", {"fields": [schema | {"name": "a"}], "primaryKey": told})


def test_half_a_character_is_read() -> None:
    read(rb'[{"a\ud800": "\udfff"}, {"\ud800": 1, "\ud800": 2}]', "json")
    read(rb'{"\ud800": [{"a": 1}]}', "json")


def test_a_number_of_very_many_digits_is_read() -> None:
    read(b'[{"a": %s, "b": -1}]' % (b"1" * 5_000), "json")
    read(b"9" * 5_000, "json")


@pytest.mark.parametrize("file", (*GOOD, *BAD), ids=lambda file: file.id)
def test_any_file_that_is_cut_is_read(file: Any) -> None:
    data = file.data()
    if len(data) > MIB:
        return
    for part in (len(data) // 2, len(data) - 1):
        read(data[: max(part, 0)], file.stated, file.schema)
