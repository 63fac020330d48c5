"""One file of data, looked into: what it is, what is in it, what is wrong."""

from pathlib import Path

from vocab_server.quality.data.described import Described, describe
from vocab_server.quality.data.fault import DataReport, Findings, Place
from vocab_server.quality.data.faults import get_fault
from vocab_server.quality.data.files import read_book, read_csv
from vocab_server.quality.data.job import DataJob
from vocab_server.quality.data.json_file import read_json
from vocab_server.quality.data.sniffing import BOOKS, format_of
from vocab_server.quality.data.table import Looked
from vocab_server.quality.data.xml_file import read_xml

_HIDDEN = {"SCH-6", "TAB-13"}  # by whatever keeps a file from being read


def read_data(job: DataJob) -> DataReport:
    """What is in a file and what is wrong with it; only where nothing bounds what that costs."""
    source, findings = Path(job.source), Findings()
    size = source.stat().st_size
    if not size:
        findings.add("GET-4")
        return DataReport(findings=findings.found())
    described = _described(job, findings)
    concepts = {name: (iri, by) for name, (iri, by) in job.concepts.items()}
    looked = Looked(findings, described, concepts)
    form, encoding = _read(source, job, looked)
    columns = tuple(column for table in looked.tables for column in table.end())
    if columns and job.schema is None and (form == "csv" or form in BOOKS):
        findings.add("SCH-6")
    rows = sum(table.rows for table in looked.tables)
    found = findings.found()
    if any(get_fault(one.fault).is_fatal for one in found):
        found = tuple(one for one in found if one.fault not in _HIDDEN)
    return DataReport(form, encoding, size, rows, columns, found)


def _described(job: DataJob, findings: Findings) -> Described | None:
    if job.schema is None:
        return None
    try:
        return describe(job.schema, job.name)
    except (ValueError, TypeError, AttributeError) as error:  # any JSON may be there
        findings.add("SCH-1", Place(note=str(error)))
        return None


def _read(source: Path, job: DataJob, looked: Looked) -> tuple[str, str]:
    """Look into a file by its format; its format and encoding."""
    form, encoding = format_of(source, job.stated), ""
    if form == "csv":
        encoding = read_csv(source, looked)
    elif form in BOOKS:
        read_book(source, looked, job.size)
    elif form == "json":
        form, encoding = read_json(source, looked, job.stated)
    elif form == "xml":
        encoding = read_xml(source, looked)
    else:
        looked.findings.add("FMT-5" if form == "html" else "FMT-7", Place(value=form))
    return form, encoding
