"""Vocabularies as spreadsheets: exported, edited away, compared with what was and what is."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import time

from filelock import FileLock
from rdflib import URIRef

from vocab_server.database.log import ChangeLog
from vocab_server.editing.releases import unpacked
from vocab_server.editing.sheet_edits import Edits, find_edits
from vocab_server.editing.sheet_rows import ABOUT, SheetReader
from vocab_server.editing.sheet_states import States, find_state, later_lines, state_of
from vocab_server.errors import InvalidError
from vocab_server.store.base import Reader
from vocab_server.store.embedded import EmbeddedStore
from vocab_server.store.sheet_jobs import WritingJob
from vocab_server.store.sheets import Read, read_sheets, write_sheets

FORMS = ("xlsx", "csv")
KEPT = 24 * 3600  # seconds that an export is kept for who asks for the same again
MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A spreadsheet of a vocabulary as somebody asks for it.

    Names are shown in the first of the ``languages`` that there is one in; with ``is_chosen``
    texts in other languages are left out.
    """

    vocabulary: str
    graph: URIRef
    form: str
    languages: tuple[str, ...]
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Spreadsheets:
    """Writes spreadsheets and reads them; ``directory`` holds those written last."""

    directory: Path
    log: ChangeLog

    def current(self, wanted: Wanted, store: EmbeddedStore, number: int) -> Path:
        """What a store has at a change of the log, as a file."""
        with self._work() as work:
            state = state_of(self.log, wanted.graph, number)
            path = self._path(wanted, state)
            with FileLock(self.directory / ".lock"):  # one at a time, and none twice
                if not path.exists():
                    store.dump(wanted.graph, work / "dump.nt")
                    self._write(wanted, state, work)
            return path

    def release(self, wanted: Wanted, frozen: Path, number: int) -> Path:
        """A release, whose statements are in a gzipped file, as a file."""
        with self._work() as work:
            state = state_of(self.log, wanted.graph, number)
            path = self._path(wanted, state)
            with FileLock(self.directory / ".lock"):
                if not path.exists():
                    with (work / "dump.nt").open("wb") as file:
                        file.writelines(unpacked(frozen))
                    self._write(wanted, state, work)
            return path

    def template(self, form: str, languages: Sequence[str]) -> bytes:
        """An empty workbook to start a vocabulary from nothing."""
        with self._work() as work:
            (work / "dump.nt").touch()
            target = work / f"template.{form}"
            write_sheets(_job(work, target, form, "", [], languages, is_chosen=True))
            return target.read_bytes()

    def compare(
        self, source: Path, name: str, vocabulary: str, graph: URIRef, store: Reader, number: int
    ) -> Edits:
        """What a file changes against the state in which it was exported.

        Against what the store has, at this change of the log, when it does not tell. Raises
        InvalidError for a file that cannot be read or is of another vocabulary.
        """
        with self._work() as work:
            read = read_sheets(source, name, work / "rows.jsonl")
            state = own_state(stated(read), vocabulary)
            since = find_state(self.log, graph, state) if state else number
            later = later_lines(self.log, graph, since, number)
            states = States(store, graph, later)
            return find_edits(SheetReader(read), states, store, graph, name, state)

    def _path(self, wanted: Wanted, state: str) -> Path:
        chosen = "-".join((*wanted.languages, "only") if wanted.is_chosen else wanted.languages)
        return self.directory / f"{wanted.vocabulary}.{state}.{chosen}.{wanted.form}"

    def _write(self, wanted: Wanted, state: str, work: Path) -> None:
        target = work / f"export.{wanted.form}"
        told = f"{wanted.vocabulary} {state}"
        about = [
            ("vocabulary", wanted.vocabulary),
            ("address", str(wanted.graph)),
            ("exported", datetime.now(UTC).isoformat(timespec="seconds")),
            ("state", told),
            ("", "The state tells with what the file is compared when it comes back."),
            ("", "Tillståndet säger vad filen jämförs med när den kommer tillbaka."),
        ]
        job = _job(work, target, wanted.form, told, about, wanted.languages, wanted.is_chosen)
        write_sheets(job)
        target.replace(self._path(wanted, state))

    @contextmanager
    def _work(self) -> Iterator[Path]:
        """A directory for what is not finished; exports that nobody needs any more go."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in self.directory.glob("*.*"):
            if path.is_file() and path.stat().st_mtime < time() - KEPT:
                path.unlink(missing_ok=True)
        with tempfile.TemporaryDirectory(prefix=".work-", dir=self.directory) as work:
            yield Path(work)


def _job(
    work: Path,
    target: Path,
    form: str,
    state: str,
    about: list[tuple[str, str]],
    languages: Sequence[str],
    is_chosen: bool,
) -> WritingJob:
    return WritingJob(
        source=str(work / "dump.nt"),
        target=str(target),
        work=str(work),
        form=form,
        state=state,
        about=about,
        languages=list(languages),
        is_chosen=is_chosen,
    )


def stated(read: Read) -> str:
    """What a file says of when it was exported, "" when it says nothing."""
    if read.is_book:
        rows = (cells for sheet, _, cells in read.lines() if sheet == ABOUT)
        return next((cells[1] for cells in rows if len(cells) > 1 and cells[0] == "state"), "")
    reader = SheetReader(read)
    for _ in reader.rows():
        if "state" in reader.about:
            break
    return reader.about.get("state", "")


def own_state(text: str, vocabulary: str) -> str:
    """The state that a file was exported from, "" when it tells none.

    Raises InvalidError when it is of another vocabulary.
    """
    found, _, state = text.strip().partition(" ")
    if found and found != vocabulary:
        raise InvalidError(
            "The file was exported from the vocabulary %(found)r, not from %(vocabulary)r. Upload"
            " it there; or empty what it says under exported or, in a workbook, under state on the"
            " sheet About.",
            found=found[:60],
            vocabulary=vocabulary,
        )
    return state
