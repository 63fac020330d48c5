"""Spreadsheets from outside: what is read of them, and what is made to harm its reader."""

import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from vocab_server.errors import InvalidError, TooLargeError
from vocab_server.store.sheets import read_sheets


def test_an_archive_that_unpacks_to_a_flood_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * 30_000_000)
    with pytest.raises(TooLargeError, match=r"bomb\.xlsx: Unpacked it would be 30000000 bytes"):
        read_sheets(path, path.name, tmp_path / "read")


def test_a_cell_at_the_end_of_the_world_harms_the_reading_process_only(tmp_path: Path) -> None:
    path = tmp_path / "far.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Concepts")
        sheet.write(0, 0, "iri")
        sheet.write(1_048_575, 16_383, "x")
    with pytest.raises(InvalidError, match="within the bounds for foreign files"):
        read_sheets(path, path.name, tmp_path / "read")


def test_numbers_dates_and_yes_are_read_as_people_see_them(tmp_path: Path) -> None:
    path = tmp_path / "typed.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("Begrepp")
        sheet.write_row(2, 1, ["iri", 1.0, 1.5, True, date(2026, 11, 24)])
    read = read_sheets(path, path.name, tmp_path / "read")
    assert list(read.lines()) == [("Begrepp", 3, ["", "iri", "1", "1.5", "true", "2026-11-24"])]
