"""A process that reads one RDF file from outside, and that its parent may kill at any time.

``python -m vocab_server.store.parse_process`` reads a Job as JSON from standard input, and writes
lines of JSON to standard output: ``{"progress": [read, total]}`` in bytes, and at last ``done`` or
``failed``.
"""

import json
import re
import sys
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from vocab_server.errors import InvalidError, Phrase, TooLargeError, VocabServerError
from vocab_server.rdf.doctype import DoctypeRefusedError, check_doctype
from vocab_server.rdf.json_ld import (
    DEPTH,
    UnknownContextError,
    has_contexts,
    is_too_deep,
    with_local_contexts,
)
from vocab_server.rdf.prefixes import PREFIXES
from vocab_server.rdf.repair import (
    BAD_IRI,
    NO_LANGUAGE,
    UNDECLARED,
    Finding,
    Flaw,
    Note,
    declare_prefix,
    join_texts,
    language_flaw,
    notes_of,
    repair_iri,
    repair_language,
    repair_turtle,
    repair_xml,
    shown,
    summary,
)
from vocab_server.store.confinement import confine, run_with_deep_stack
from vocab_server.store.failures import failure
from vocab_server.store.parse_errors import FORMULAS, line_of, located
from vocab_server.store.parse_input import RefusedError, Text, prepare
from vocab_server.store.parse_job import Job
from vocab_server.store.parse_output import Refiner

OUTPUT = 8  # times the size of the input that a file we write may have
INTERVAL = 0.2  # seconds between reports of progress
REPAIRS = 20  # rounds, one for each undeclared prefix
HINTS = 100  # faults in JSON-LD whose line is looked for
CONTEXTS = Path(__file__).with_name("contexts")

_FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "json-ld": ox.RdfFormat.JSON_LD,
    "xml": ox.RdfFormat.RDF_XML,
    "nt": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "n3": ox.RdfFormat.N3,
}
_EMPTY_LANGUAGE = re.compile(rb"""(\bxml:lang\s*=\s*)(""|'')""")
_USUAL_PREFIXES = PREFIXES | {
    "adms": "http://www.w3.org/ns/adms#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcatap": "http://data.europa.eu/r5r/",
    "dcterms": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "skos-xl": "http://www.w3.org/2008/05/skos-xl#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
}
_UNKNOWN_TERM = Flaw(
    "The property {} has no meaning in the context.",
    "properties without a meaning in the context",
    "It was left out (JSON-LD 1.1 API, 5.1.2).",
)


def main() -> None:
    """Do the job that standard input describes."""
    job = Job(**json.loads(sys.stdin.buffer.read()))
    confine(job.memory, parent=job.parent, files=job.size * OUTPUT)
    _tell(run_with_deep_stack(partial(_outcome, job)))


def _tell(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _outcome(job: Job) -> dict[str, Any]:
    try:
        return {"done": _read(job)}
    except RefusedError as error:
        return _failure(job, error.told, error.kind, error.line, error.column)
    except (DoctypeRefusedError, UnknownContextError) as error:
        return _failure(job, _explain(error), InvalidError, error.line)
    except VocabServerError as error:
        return _failure(job, Phrase(error.template, **error.values), type(error))
    except MemoryError as error:
        if "buffer maximal size" in str(error):
            return _failure(
                job, Phrase("A single value in it is larger than 16 MiB."), TooLargeError
            )
        return _failure(job, Phrase("Reading it takes more memory than is allowed."), TooLargeError)


def _failure(
    job: Job,
    told: Phrase,
    kind: type[VocabServerError],
    line: int | None = None,
    column: int | None = None,
) -> dict[str, Any]:
    where: Phrase | str = ""
    if line and column:
        where = Phrase(", line %(line)s, column %(column)s", line=line, column=column)
    elif line:
        where = Phrase(", line %(line)s", line=line)
    return failure(job.name, told, kind, where)


def _explain(error: DoctypeRefusedError | UnknownContextError) -> Phrase:
    if isinstance(error, DoctypeRefusedError):
        return error.told
    return Phrase(
        "The context %(url)s is on another server, which is not asked, and there is no copy of it"
        " here. Write the context itself into the file, or convert the file to Turtle.",
        url=error.url,
    )


def _read(job: Job) -> dict[str, Any]:
    text = prepare(
        Path(job.source),
        Path(job.work),
        given=job.given,
        named=job.named,
        fix=job.fix,
        size=job.size,
    )
    text, refiner = _convert(job, _prepared(job, text))
    if not refiner.statements:
        raise RefusedError("It holds no statements.")
    _verify(job)
    notes = [*text.notes, *notes_of(text.findings), *refiner.notes()]
    return {
        "statements": refiner.statements,
        "format": text.format,
        "encoding": text.encoding,
        "notes": [asdict(note) for note in notes],
    }


def _verify(job: Job) -> None:
    """Make sure that what was written can be read again; nothing else may leave this process."""
    try:
        deque(ox.parse(path=job.target, format=ox.RdfFormat.N_TRIPLES), maxlen=0)
    except SyntaxError as error:
        raise RefusedError(
            "Something in it has no valid form in RDF: %(error)s.", error=Phrase(error.msg)
        ) from error


def _prepared(job: Job, text: Text) -> Text:
    """The text with what the parser cannot be trusted with checked or replaced."""
    if text.format == "xml":
        return _prepared_xml(job, text)
    if text.format == "json-ld":
        return _prepared_json(job, text)
    return text


def _prepared_xml(job: Job, text: Text) -> Text:
    data = text.path.read_bytes()
    entities = check_doctype(data, allow=job.fix, size=job.size)
    if entities is not None:
        problem = f"There is a DOCTYPE; names declared in it: {entities}."
        text.notes.append(Note(None, problem, "They were replaced by what they stand for.", True))
    if not _EMPTY_LANGUAGE.search(data):
        return text
    return _rewritten(job, text, _EMPTY_LANGUAGE.sub(rb'\1"%b"' % NO_LANGUAGE.encode(), data))


def _prepared_json(job: Job, text: Text) -> Text:
    data = text.path.read_bytes()
    if is_too_deep(data):
        raise RefusedError(
            "It has more than %(depth)s objects and lists inside each other.", depth=DEPTH
        )
    content = data.decode()
    if not has_contexts(content):
        return text
    local = with_local_contexts(content, _find_context)
    return text if local == content else _rewritten(job, text, local.encode())


def _find_context(url: str) -> Any:
    """The context that we keep for a URL, whatever its scheme; None when there is none."""
    names = json.loads((CONTEXTS / "index.json").read_text("utf-8"))
    bare = re.sub(r"^https?://", "", url).partition("#")[0].rstrip("/")
    if bare not in names:
        return None
    return json.loads((CONTEXTS / names[bare]).read_text("utf-8"))["@context"]


def _rewritten(job: Job, text: Text, content: bytes) -> Text:
    """The text with other content, in a new file."""
    path = Path(job.work) / f"rewritten-{time.monotonic_ns()}"
    path.write_bytes(content)
    return replace(text, path=path)


def _convert(job: Job, text: Text) -> tuple[Text, Refiner]:
    """Parse, and repair until that works; the repairs are refused unless they are wanted.

    They are tried even when they are not wanted, so that the message can tell whether they help.
    """
    for _ in range(REPAIRS):
        try:
            refiner = _attempt(job, text)
            break
        except SyntaxError as error:
            repaired = _repaired(job, text, error)
            if repaired is None:
                raise located(error, text) from None
            text = repaired
    else:
        raise RefusedError("It has too many prefixes that are not declared.")
    text.findings += refiner.findings
    needed = [finding for finding in text.findings if finding.flaw is not _UNKNOWN_TERM]
    if needed and not job.fix:
        found = summary(needed)
        raise RefusedError(
            "%(needed)s Run again with --fix to repair this.",
            needed[0].line,
            needed=Phrase(found),
        )
    return text, refiner


def _attempt(job: Job, text: Text) -> Refiner:
    """Read the text strictly into the target. Raises SyntaxError."""
    form = _FORMATS[text.format]
    findings: list[Finding] = []
    with text.path.open("rb") as source, Path(job.target).open("wb") as target:
        has_graphs = form.supports_datasets
        normalize = _as_written if job.as_written else _stored
        refiner = Refiner(target, normalize, has_graphs=has_graphs, limit=job.statements)
        reader: Any = _Reader(source, text.path.stat().st_size)
        lenient = text.format == "json-ld"  # what is strict there leaves out without a word
        quads: Any = ox.parse(reader, form, base_iri=job.base_iri, lenient=lenient)
        if lenient:
            quads = _checked(quads, findings)
        output: Any = refiner
        kind = ox.RdfFormat.N_QUADS if has_graphs else ox.RdfFormat.N_TRIPLES
        try:
            ox.serialize(quads, output, kind)
        except ValueError as error:  # of all formats without graphs, only N3 has formulas
            raise RefusedError(FORMULAS) from error
        refiner.finish()
    refiner.findings += _with_lines(findings, text)
    return refiner


class _Reader:
    """Passes bytes on and tells how far it is."""

    def __init__(self, source: Any, total: int) -> None:
        self._source = source
        self._total = total
        self._done = 0
        self._next = 0.0

    def read(self, size: int = -1) -> bytes:
        data: bytes = self._source.read(size)
        self._done += len(data)
        if (now := time.monotonic()) >= self._next or not data:
            self._next = now + INTERVAL
            _tell({"progress": [self._done, self._total]})
        return data


def _stored(literals: list[bytes]) -> list[bytes]:
    """What a store gives back for each literal (N-Triples), in the same order."""
    store = ox.Store()
    lines = b"".join(b"<urn:%d> <urn:p> %b .\n" % item for item in enumerate(literals))
    store.load(lines, ox.RdfFormat.N_TRIPLES)
    dumped = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph()) or b""
    result = list(literals)
    for line in dumped.split(b"\n")[:-1]:
        subject, _, value = line.split(b" ", 2)
        result[int(subject[5:-1])] = value[:-2]
    return result


def _as_written(literals: list[bytes]) -> list[bytes]:
    """The literals as they stand."""
    return literals


def _checked(quads: Iterator[Any], findings: list[Finding]) -> Iterator[Any]:
    """The quads of a lenient parser with only terms that a strict one takes."""
    known: dict[Any, Any] = {}
    for quad in quads:
        if ":" not in quad.predicate.value:  # so the context gave it no meaning
            findings.append(Finding(_UNKNOWN_TERM, None, quad.predicate.value))
            continue
        for term in quad:
            if term not in known:
                known[term] = _checked_term(term, findings)
        yield ox.Quad(*(known[term] for term in quad))


def _checked_term(term: Any, findings: list[Finding]) -> Any:
    if isinstance(term, ox.NamedNode):
        return _checked_iri(term, findings)
    if not isinstance(term, ox.Literal):
        return term
    if term.language is None:
        return ox.Literal(term.value, datatype=_checked_iri(term.datatype, findings))
    tag = repair_language(term.language)
    if tag != term.language:
        findings.append(Finding(language_flaw(term.language), None, term.language))
    if tag and term.direction:
        return ox.Literal(term.value, language=tag, direction=term.direction)
    return ox.Literal(term.value, language=tag or None)


def _checked_iri(node: Any, findings: list[Finding]) -> Any:
    fixed = repair_iri(node.value)
    if fixed != node.value:
        findings.append(Finding(BAD_IRI, None, node.value))
    try:
        return ox.NamedNode(fixed)
    except ValueError as error:
        raise RefusedError(
            "%(iri)s is no IRI: %(error)s.", iri=shown(node.value), error=error
        ) from error


def _with_lines(findings: list[Finding], text: Text) -> Iterator[Finding]:
    """The findings with the line of the text in which the faulty text is first."""
    content = text.path.read_text("utf-8") if findings else ""
    for number, finding in enumerate(findings):
        line = line_of(content, finding.text) if number < HINTS else None
        yield finding._replace(line=line)


def _repaired(job: Job, text: Text, error: SyntaxError) -> Text | None:
    """The text with what can be repaired repaired, or None when there is nothing to do."""
    content = text.path.read_bytes().decode()
    undeclared = re.search(r"The prefix (\S*): has not been declared", error.msg)
    if undeclared:
        declared = declare_prefix(content, undeclared[1], _USUAL_PREFIXES)
        finding = Finding(UNDECLARED, error.lineno, f"{undeclared[1]}:")
        return _with_findings(job, text, declared, [finding]) if declared else None
    if text.format == "json-ld":
        return None
    if "Unexpected text event" in error.msg:
        plain = join_texts(content)
        return None if plain == content else _rewritten(job, text, plain.encode())
    repair = repair_xml if text.format == "xml" else repair_turtle
    fixed, findings = repair(content)
    return _with_findings(job, text, fixed, findings) if findings else None


def _with_findings(job: Job, text: Text, content: str, findings: list[Finding]) -> Text:
    rewritten = _rewritten(job, text, content.encode())
    rewritten.findings = [*text.findings, *findings]
    return rewritten


if __name__ == "__main__":
    main()
