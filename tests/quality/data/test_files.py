"""Every fault is found in a file that has it, where it is; good files have none."""

import os
from pathlib import Path

import pytest

from tests.quality.data.files import BAD, BILLION, GOOD, HEADER, PEOPLE, File
from vocab_server.quality.data.fault import DataReport, Place, Score, from_plain, to_plain
from vocab_server.quality.data.faults import FAULTS, get_fault
from vocab_server.quality.data.job import DataJob
from vocab_server.quality.data.looking import MIB, DataLimits, Told, look_into
from vocab_server.quality.data.reading import read_data
from vocab_server.quality.data.scores import score

# Found elsewhere: by who fetches the file, who knows its dataset, or who knows the vocabulary.
ELSEWHERE = {
    *("CON-1", "CON-2", "CON-3", "CON-4", "CON-5", "CON-6"),
    *("FMT-1", "FMT-2", "FMT-3", "FMT-4", "FMT-6"),
    *("GET-1", "GET-2", "GET-3", "MAN-1", "MAN-2", "MAN-3", "MAN-4"),
}
SMALL = DataLimits(size=20 * MIB, seconds=60, memory=256 * MIB)


def read(file: File, folder: Path) -> DataReport:
    path = folder / file.name
    path.write_bytes(file.data())
    return read_data(
        DataJob(
            source=str(path),
            name=file.name,
            work=str(folder),
            parent=os.getpid(),
            size=50 * MIB,
            memory=0,
            stated=file.stated or path.suffix[1:],
            schema=file.schema,
        )
    )


def places(report: DataReport) -> dict[str, Place]:
    return {found.fault: found.places[0] for found in report.findings}


@pytest.mark.parametrize("file", GOOD, ids=lambda file: file.name)
def test_a_good_file_has_no_fault(file: File, tmp_path: Path) -> None:
    report = read(file, tmp_path)
    assert places(report).keys() == file.faults.keys()
    assert report.format in (Path(file.name).suffix[1:], file.stated)
    assert from_plain(to_plain(report)) == report


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.id)
def test_a_fault_is_found_where_it_is(file: File, tmp_path: Path) -> None:
    found = places(read(file, tmp_path))
    assert found.keys() - {"SCH-6"} == file.faults.keys()
    for fault, wanted in file.faults.items():
        assert {name: getattr(found[fault], name) for name in wanted} == wanted, fault


def test_every_fault_has_a_file_that_shows_it() -> None:
    shown = {fault for file in BAD for fault in file.faults} | {"SCH-6"}
    assert shown | ELSEWHERE == {fault.id for fault in FAULTS}
    assert not shown & ELSEWHERE
    assert len(GOOD) + len(BAD) >= 40


def test_every_fault_is_told_in_both_languages() -> None:
    for fault in FAULTS:
        for words in (fault.title, fault.meaning, fault.remedy):
            assert words.en and words.sv, fault.id
        assert fault.meaning.en != fault.meaning.sv and fault.source, fault.id
    assert len({fault.id for fault in FAULTS}) == len(FAULTS)


def test_a_table_without_a_description_is_told_of(tmp_path: Path) -> None:
    report = read(File("a.csv", "a,b\n1,x\n"), tmp_path)
    assert list(places(report)) == ["SCH-6"]


def test_many_rows_are_all_counted_and_some_shown(tmp_path: Path) -> None:
    rows = "".join(f"{n},Bo,nobody\n" for n in range(1, 5_001))
    report = read(File("a.csv", HEADER + rows, schema=PEOPLE), tmp_path)
    (found,) = report.findings
    assert (report.rows, found.fault, found.count, len(found.places)) == (5000, "SCH-3", 5000, 100)
    assert [place.row for place in found.places] == list(range(2, 102))


def test_hostile_files_cost_no_more_than_the_bounds(tmp_path: Path) -> None:
    files = {
        "laughs.xml": (BILLION, "XML-2"),
        "deep.json": ("[" * 500_000, "JSN-2"),
        "wide.json": ('{"a":[' + "[]," * 5_000_000 + "[]]}", "GET-3"),  # too much memory
        "large.csv": ("a,b\n1,2\n", "GET-2"),
        "pattern.csv": ("a\n" + "a" * 40 + "!\n", "GET-3"),  # too much time
    }
    slow = {"fields": [{"name": "a", "constraints": {"pattern": "(a+)+$"}}]}
    for name, (content, fault) in files.items():
        path = tmp_path / name
        path.write_text(content)
        if name == "large.csv":
            os.truncate(path, 1024 * MIB)  # with nothing on the disk
        told = Told("csv", slow) if name == "pattern.csv" else Told(path.suffix[1:])
        seconds = 3 if name == "pattern.csv" else SMALL.seconds
        memory = MIB if name == "wide.json" else SMALL.memory
        report = look_into(path, name, told, DataLimits(SMALL.size, seconds, memory))
        assert list(places(report)) == [fault], name


def test_scores_tell_values_metadata_and_management_apart(tmp_path: Path) -> None:
    good = read(GOOD[0], tmp_path)
    assert {kind: score(good, kind) for kind in Score} == dict.fromkeys(Score, 100.0)
    twice = read(File("a.csv", "a,b\n" + "1,x\n" * 4), tmp_path)
    few = read(File("a.csv", "a,b\n1,x\n" + "".join(f"{n},x\n" for n in range(1, 30))), tmp_path)
    assert score(twice, Score.VALUES) < score(few, Score.VALUES) < 100  # type: ignore[operator]
    assert score(twice, Score.METADATA) < 100 == score(twice, Score.MANAGEMENT)  # type: ignore[operator]
    assert score(read(File("a.json", "[1,"), tmp_path), Score.VALUES) == 0
    page = read(File("a.csv", "<html>"), tmp_path)
    assert (score(page, Score.VALUES), score(page, Score.MANAGEMENT)) == (None, 0)
    assert get_fault("FMT-5").score is Score.MANAGEMENT
