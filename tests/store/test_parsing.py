import gzip
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.blank_nodes import canonical, with_blank_nodes
from vocab_server.errors import (
    InvalidError,
    TooLargeError,
    UnknownFormatError,
)
from vocab_server.rdf.repair import Note
from vocab_server.store.parsing import MIB, Parsed, ParseLimits, parse

BASE = "http://base.example/"
SHARED = Path(__file__).parents[3] / "shared" / "data"
LARGE = 12 * MIB  # bytes of a file that is left to the benchmark
GENID = "urn:vocab-server:genid:"
XSD = "http://www.w3.org/2001/XMLSchema#"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"no real files in {SHARED}")
read = partial(parse, base_iri=BASE)


@dataclass
class Files:
    """Writes and reads small files in a directory of its own."""

    directory: Path

    def parse(self, content: str | bytes, name: str, **options: Any) -> Parsed:
        source = self.directory / name
        source.write_bytes(content.encode() if isinstance(content, str) else content)
        return read(source, target=self.directory / "target.nt", **options)

    def lines(self, content: str | bytes, name: str, **options: Any) -> list[str]:
        return lines_of(self.parse(content, name, **options).target)

    def refusal(self, content: str | bytes, name: str, **options: Any) -> str:
        with pytest.raises(InvalidError) as refused:
            self.parse(content, name, **options)
        (left,) = self.directory.iterdir()
        assert left.name == name
        return str(refused.value)


def lines_of(path: Path) -> list[str]:
    return sorted(path.read_text("utf-8").split("\n")[:-1])


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def turtle(body: str) -> str:
    return f"@prefix : <http://x/> . @prefix xsd: <{XSD}> .\n{body}\n"


def rdf_xml(body: str, start: str = "") -> str:
    return (
        f'{start}<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        f'xmlns:s="http://s/" xml:lang="en">\n{body}\n</rdf:RDF>'
    )


def problems(parsed: Parsed) -> list[str]:
    return [note.problem for note in parsed.notes]


SAME = '<http://x/a> <http://x/p> "å" .'
FORMATS = {
    "a.ttl": '@prefix : <http://x/> . :a :p "å" .',
    "a.nt": SAME,
    "a.nq": SAME,
    "a.trig": '@prefix : <http://x/> . { :a :p "å" }',
    "a.n3": '@prefix : <http://x/> . :a :p "å" .',
    "a.rdf": rdf_xml(
        '<rdf:Description rdf:about="http://x/a" xml:lang="">'
        '<p xmlns="http://x/">å</p></rdf:Description>'
    ),
    "a.jsonld": '{"@id": "http://x/a", "http://x/p": "å"}',
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_read(files: Files, name: str) -> None:
    assert files.lines(FORMATS[name], name) == [SAME]


@pytest.mark.parametrize("name", FORMATS)
def test_the_content_tells_the_format_when_the_name_does_not(files: Files, name: str) -> None:
    assert files.lines(FORMATS[name], "download") == [SAME]


@pytest.mark.parametrize("name", FORMATS)
def test_gzip_is_known_by_its_content(files: Files, name: str) -> None:
    assert files.lines(gzip.compress(FORMATS[name].encode()), name) == [SAME]


def test_gzip_may_come_in_several_members(files: Files) -> None:
    first, second = (gzip.compress(part.encode()) for part in (SAME[:20], SAME[20:]))
    assert files.lines(first + second, "a.nt.gz") == [SAME]


def test_a_name_that_lies_is_noted(files: Files) -> None:
    parsed = files.parse(FORMATS["a.rdf"], "a.ttl")
    assert parsed.format == "xml"
    assert problems(parsed) == ["The name says Turtle, but the content is RDF/XML."]


def test_a_given_format_overrules_what_the_content_looks_like(files: Files) -> None:
    assert files.parse(SAME, "a", format="text/turtle").format == "turtle"


def test_xml_without_the_rdf_namespace_is_read_when_somebody_says_it_is_rdf(files: Files) -> None:
    content = '<p:A xmlns:p="http://x/"><p:q>1</p:q></p:A>'
    assert "its first element is p:A" in files.refusal(content, "a.rdf")
    assert files.parse(content, "a.rdf", format="rdf").statements == 2


def test_an_iri_without_slashes_is_no_element(files: Files) -> None:
    assert files.parse('<example:a> <example:p> "x" .', "a").format == "nt"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("name", ["a.ttl", "a.jsonld", "a.nt"])
def test_an_encoding_that_can_be_told_is_read(files: Files, name: str, encoding: str) -> None:
    parsed = files.parse(FORMATS[name].encode(encoding), name)
    assert parsed.target.read_text("utf-8").strip() == SAME
    assert len(parsed.notes) == 1


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("ISO-8859-1", "latin-1"), ("windows-1252", "cp1252"), ("UTF-16", "utf-16"), ("utf8", "utf8")],
)
def test_an_encoding_that_xml_declares_is_read(files: Files, declared: str, encoding: str) -> None:
    content = f'<?xml version="1.0" encoding="{declared}"?>' + FORMATS["a.rdf"]
    assert files.lines(content.encode(encoding), "a.rdf") == [SAME]


def test_an_encoding_that_nobody_knows_is_refused(files: Files) -> None:
    message = files.refusal('<?xml version="1.0" encoding="rot13"?><a/>', "a.rdf")
    assert '"rot13" is not known' in message


def test_bytes_that_are_not_utf_8_are_refused_with_their_line(files: Files) -> None:
    message = files.refusal(turtle(':a :p "å" .').encode("latin-1"), "a.ttl")
    assert message.startswith("a.ttl, line 2: The byte 0xE5 is not UTF-8")
    assert "--fix" in message


def test_such_bytes_are_read_as_windows_1252_among_utf_8_when_asked(files: Files) -> None:
    content = turtle(':a :p "å", "').strip().encode() + b'\xe5\x80" .'
    parsed = files.parse(content, "a.ttl", fix=True)
    assert '"å€"' in parsed.target.read_text("utf-8")
    assert parsed.encoding == "Windows-1252"
    assert parsed.notes[0].line == 2


REFUSED = [
    ("", "a.ttl", "The file is empty."),
    ("# nothing\n", "a.ttl", "It holds no statements."),
    ('{"a": 1}', "a.json", "It holds no statements."),
    ("<!DOCTYPE html><p>Not found</p>", "a.ttl", 'not RDF; it says "Not found"'),
    ("<html><body>Gone</body></html>", "a.rdf", "This is an HTML page"),
    ('<?xml version="1.0"?><feed/>', "a.rdf", "but not RDF/XML: its first element is feed"),
    ("PK\x03\x04...", "a.ttl", "This is a ZIP archive"),
    ("%PDF-1.4", "a.ttl", "This is a PDF document"),
    (turtle(":a :p 1"), "a.ttl", "line 3, column 1: It ends in the middle of a statement"),
    (turtle(":a :p 1 .\n:a 2 3 ."), "a.ttl", 'line 3, column 4: "2" stands where'),
    (turtle("foo:a :p 1 ."), "a.ttl", 'line 2, column 1: The prefix "foo:" is'),
    (turtle(":a :p <<( :a :p :b )>> ."), "a.ttl", "There is a statement about a statement"),
    (turtle("{ :a :p :b } => { :c :p :d } ."), "a.n3", "rules or formulas of Notation3"),
    ("<a> <http://x/p> <http://x/o> .", "a.nt", "that does not start with a scheme"),
    (rdf_xml("<s:a>"), "a.rdf", "line 3, column 3: It is not well-formed XML: mismatched tag"),
    ('{"@id": "http://x/a", ', "a.jsonld", "a.jsonld, line 1, column 2"),
    ('{"@id": "http://x:y/", "http://x/p": 1}', "a.jsonld", '"http://x:y/" is no IRI'),
    (b"\x1f\x8b" + b"nothing", "a.ttl.gz", "The gzip data is damaged"),
    (
        gzip.compress(SAME.encode() * 9, mtime=0)[:-12],
        "a.ttl.gz",
        "It ends in the middle of the gzip data",
    ),
    (turtle(':a :p "' + "x" * 17 * MIB + '" .'), "a.ttl", "A single value in it is larger than 16"),
]


@pytest.mark.parametrize(("content", "name", "message"), REFUSED, ids=lambda x: str(x)[:30])
def test_what_cannot_be_read_is_refused_in_words(
    files: Files, content: str | bytes, name: str, message: str
) -> None:
    for fix in (False, True):
        refusal = files.refusal(content, name, fix=fix)
        assert refusal.startswith(name)
        assert message in refusal


@dataclass
class Dirt:
    """A faulty file, what is said about it, and what the repair makes of it."""

    content: str
    name: str
    problem: str
    line: int
    object: str


DIRT = [
    Dirt(turtle(":a :p <http://x/b c> ."), "a.ttl", "has characters", 2, "<http://x/b%20c>"),
    Dirt(
        turtle(":a :p <http://x/{b}?x[1]> ."), "a.ttl", "has char", 2, "<http://x/%7Bb%7D?x%5B1%5D>"
    ),
    Dirt(turtle(":a :p <http://x/\\u0020b> ."), "a.ttl", "has char", 2, "<http://x/%20b>"),
    Dirt(turtle(":a :p\n <http://x/b%zz> ."), "a.ttl", "has char", 3, "<http://x/b%25zz>"),
    Dirt(
        turtle(':a :p """\n<a b> # " """@en_US .'),
        "a.ttl",
        "underscore",
        2,
        '"\\n<a b> # \\" "@en-us',
    ),
    Dirt(turtle(":a :p 'x'@a_very_longsubtag ."), "a.ttl", "is not a language tag", 2, '"x"'),
    Dirt(turtle(':a :p "\\uD83D\\uDE00" .'), "a.ttl", "half of a character", 2, '"😀"'),
    Dirt(turtle(':a :p "\\uD83D" .'), "a.ttl", "half of a character", 2, '"\ufffd"'),
    Dirt(
        turtle(":a :p skos:Concept ."),
        "a.ttl",
        "not declared",
        2,
        "<http://www.w3.org/2004/02/skos/core#Concept>",
    ),
    Dirt(turtle(':a :p "x\0y" .'), "a.ttl", "NUL byte", 2, '"xy"'),
    Dirt(turtle(':a :p "x"@ar--rtl .'), "a.ttl", "writing direction", 0, '"x"@ar'),
    Dirt('<http://x/a> <http://x/p> "x"@en_US .', "a.nt", "underscore", 1, '"x"@en-us'),
    Dirt(
        rdf_xml(
            '<rdf:Description rdf:about="http://x/a">\n<s:p rdf:resource=" http://x/b c"/>'
            "</rdf:Description>"
        ),
        "a.rdf",
        "has characters",
        3,
        "<http://x/b%20c>",
    ),
    Dirt(
        rdf_xml(
            '<rdf:Description rdf:about="http://x/a"><s:p rdf:resource="http://x/&lt;&#32;&amp;"/>'
            "</rdf:Description>"
        ),
        "a.rdf",
        "has characters",
        2,
        "<http://x/%3C%20&>",
    ),
    Dirt(
        rdf_xml(
            '<rdf:Description rdf:about="http://x/a"><!-- <a rdf:about="c d"> -->\n<s:p '
            'xml:lang="en_US">x</s:p></rdf:Description>'
        ),
        "a.rdf",
        "underscore",
        3,
        '"x"@en-us',
    ),
    Dirt(
        rdf_xml(
            '<rdf:Description rdf:about="http://x/a"><s:p xml:lang="klingon!">x</s:p>'
            "</rdf:Description>"
        ),
        "a.rdf",
        "is not a language tag",
        2,
        '"x"',
    ),
    Dirt(
        '{"@id": "http://x/a",\n"http://x/p": {"@id": "http://x/b c"}}',
        "a.jsonld",
        "has characters",
        2,
        "<http://x/b%20c>",
    ),
    Dirt(
        '{"@id": "http://x/a",\n"http://x/p": {"@value": "x", "@language": "en_US"}}',
        "a.jsonld",
        "underscore",
        2,
        '"x"@en-us',
    ),
    Dirt(
        '{"@id": "x:a", "x:p": {"@value": "x", "@language": "ar", "@direction": "rtl"}}',
        "a.jsonld",
        "writing direction",
        0,
        '"x"@ar',
    ),
]


@pytest.mark.parametrize("dirt", DIRT, ids=lambda dirt: f"{dirt.name}-{dirt.problem}")
def test_a_fault_is_refused_with_its_line_and_repaired_when_asked(files: Files, dirt: Dirt) -> None:
    refusal = files.refusal(dirt.content, dirt.name)
    assert refusal.startswith(f"{dirt.name}, line {dirt.line}: " if dirt.line else dirt.name)
    assert "--fix" in refusal
    parsed = files.parse(dirt.content, dirt.name, fix=True)
    assert parsed.target.read_text("utf-8").split(" ", 2)[2] == f"{dirt.object} .\n"
    note = parsed.notes[-1]
    assert dirt.problem in note.problem
    assert (note.line, note.fixed) == (dirt.line or None, True)


def test_a_refusal_counts_the_faults(files: Files) -> None:
    content = turtle("".join(f":a :p <http://x/b {number}> .\n" for number in range(12)))
    assert "There are 12 IRIs with characters that no IRI may have" in files.refusal(
        content, "a.ttl"
    )


def test_what_repair_does_not_help_is_told_as_it_is(files: Files) -> None:
    refusal = files.refusal(turtle(":a :p <http://x/b c> .\n:a :p ; ."), "a.ttl")
    assert refusal.startswith("a.ttl, line 3")
    assert "--fix" not in refusal


ACCEPTED = [
    (rdf_xml('<s:A rdf:about="http://x/a"><s:p xml:lang="">x</s:p></s:A>'), "a.rdf", '"x"'),
    (
        rdf_xml('<s:A rdf:about="http://x/a"><s:p>x<![CDATA[<]]><!-- -->y</s:p></s:A>'),
        "a.rdf",
        '"x<y"@en',
    ),
    ('{"@id": "http://x/a", "http://x/p": {"@value": "x", "@language": ""}}', "a.jsonld", '"x"'),
    (
        turtle(":a :p <javascript:alert(1)> .").replace("\n", "\r\n"),
        "a.ttl",
        "<javascript:alert(1)>",
    ),
]


@pytest.mark.parametrize(("content", "name", "value"), ACCEPTED, ids=lambda x: str(x)[:20])
def test_what_is_correct_but_unusual_is_read_without_a_note(
    files: Files, content: str, name: str, value: str
) -> None:
    parsed = files.parse(content, name)
    assert f" {value} ." in parsed.target.read_text("utf-8")
    assert parsed.notes == ()


DOCTYPE = '<!DOCTYPE rdf:RDF [ <!ENTITY s "http://s/"> <!-- names --> ]>\n'
BODY = rdf_xml('<rdf:Description rdf:about="&s;a"><s:p>x</s:p></rdf:Description>')
HOSTILE = [
    '<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd">',
    '<!DOCTYPE r [<!ENTITY s SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE r [<!ENTITY % p "x"> %p; <!ENTITY s "x">]>',
    '<!DOCTYPE r [<!ENTITY a "x"><!ENTITY s "&a;&a;">]>',
    '<!DOCTYPE r [<!ENTITY s "' + "x" * 1001 + '">]>',
    "<!DOCTYPE r [" + "".join(f'<!ENTITY e{n} "x">' for n in range(65)) + "]>",
    "<!DOCTYPE r []><!DOCTYPE r []>",
]


def test_a_doctype_is_refused_unless_asked_for(files: Files) -> None:
    assert "line 1: There is a DOCTYPE" in files.refusal(DOCTYPE + BODY, "a.rdf")
    assert files.lines(DOCTYPE + BODY, "a.rdf", fix=True) == ['<http://s/a> <http://s/p> "x"@en .']


@pytest.mark.parametrize("doctype", HOSTILE, ids=lambda doctype: doctype[:50])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_doctype_with_more_than_simple_entities_is_never_read(
    files: Files, doctype: str, encoding: str
) -> None:
    refusal = files.refusal((doctype + BODY).encode(encoding), "a.rdf", fix=True)
    assert "There is a DOCTYPE with more than simple entities" in refusal


@pytest.mark.parametrize(
    "context",
    [
        '"https://schema.org/"',
        '["http://schema.org", {"x": "http://x/"}]',
        '{"@import": "https://schema.org/"}',
        '{"y": {"@id": "http://x/y", "@context": "https://schema.org"}, "name": "http://schema.org/name"}',
    ],
)
def test_a_well_known_context_is_at_hand(files: Files, context: str) -> None:
    content = f'{{"@context": {context}, "@id": "http://x/a", "name": "å"}}'
    assert files.lines(content, "a.jsonld") == ['<http://x/a> <http://schema.org/name> "å" .']


def test_an_unknown_context_is_refused_by_its_name(files: Files) -> None:
    content = '{"@id": "x",\n"@context": [{}, {"y": {"@id": "y:y", "@context": "http://y/c"}}]}'
    refusal = files.refusal(content, "a.jsonld")
    assert refusal.startswith("a.jsonld, line 2: The context http://y/c is on another server")


def test_a_property_without_meaning_is_noted(files: Files) -> None:
    parsed = files.parse('{"@id": "http://x/a", "http://x/p": 1,\n"unknown": 2}', "a.jsonld")
    assert parsed.statements == 1
    note = parsed.notes[0]
    assert (note.line, note.problem) == (2, 'The property "unknown" has no meaning in the context.')


def test_named_graphs_are_merged(files: Files) -> None:
    text = '"> <g:0> .\\n"'
    graphs = "".join(f"<g:{n}> {{ <x:{n}> <x:p> {text} }} " for n in range(9))
    parsed = files.parse(graphs, "a.trig")
    assert lines_of(parsed.target) == [f"<x:{n}> <x:p> {text} ." for n in range(9)]
    named = "<g:0>, <g:1>, <g:2>, <g:3>, <g:4> and 4 more"
    problem = f"There are statements in 9 named graphs: {named}."
    assert parsed.notes == (Note(None, problem, "They were put into one.", True, 9),)


def test_literals_come_out_as_the_store_keeps_them(files: Files) -> None:
    values = (
        '"01"^^xsd:integer, "2"^^xsd:int, "1.50"^^xsd:decimal, "x"^^xsd:integer, "1"^^xsd:boolean'
    )
    parsed = files.parse(turtle(f':a :p {values}, "03"^^xsd:integer, "y"^^:z .'), "a.ttl")
    assert lines_of(parsed.target) == as_stored(parsed.target)
    assert [note.count for note in parsed.notes] == [1, 1, 1, 2]
    assert f'"01"^^<{XSD}integer> is kept as "1"^^<{XSD}integer>.' in problems(parsed)


def as_stored(path: Path) -> list[str]:
    store = ox.Store()
    store.load(path=str(path), format=ox.RdfFormat.N_TRIPLES)
    dumped = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
    return sorted((dumped or b"").decode().split("\n")[:-1])


def bomb() -> str:
    return (
        "<http://x/a> <http://x/p> " + "<<( <x:a> <x:p> " * 400_000 + "1" + " )>>" * 400_000 + " ."
    )


LIMITED = [
    (SAME * 100, {"size": 1000}, "It is larger than 0 MiB"),
    (gzip.compress(bytes(10 * MIB), mtime=0), {"size": MIB}, "It unpacks to more than 1 MiB"),
    (
        "".join(f"<x:{n}> <x:p> <x:o> .\n" for n in range(11)),
        {"statements": 10},
        "more than 10 stat",
    ),
    ("\n".join([SAME] * 300_000), {"seconds": 0.2}, "Reading it takes more than 0.2 seconds"),
    ("".join(f"_:b{n} <x:p> _:c .\n" for n in range(300_000)), {"memory": 16 * MIB}, ""),
    (bomb(), {"memory": 256 * MIB}, ""),
]


@pytest.mark.parametrize(("content", "limit", "message"), LIMITED, ids=lambda x: str(x)[:20])
def test_what_goes_past_a_limit_is_refused(
    files: Files, content: str | bytes, limit: dict[str, Any], message: str
) -> None:
    refusal = files.refusal(content, "a.ttl", limits=ParseLimits(**limit))
    assert refusal.startswith("a.ttl: ")
    assert message in refusal


def test_the_errors_are_of_their_kind(files: Files) -> None:
    with pytest.raises(UnknownFormatError):
        files.parse("<html></html>", "a.ttl")
    with pytest.raises(TooLargeError):
        files.parse(SAME, "a.ttl", limits=ParseLimits(size=10))


def test_progress_is_told_up_to_the_end(files: Files) -> None:
    seen: list[tuple[int, int]] = []
    content = "\n".join([SAME] * 100_000)
    files.parse(content, "a.nt", progress=lambda *now: seen.append(now))
    assert seen == sorted(seen)
    assert seen[-1] == (len(content.encode()), len(content.encode()))


def test_an_earlier_target_stays_when_a_file_is_refused(tmp_path: Path) -> None:
    source, target = tmp_path / "a.ttl", tmp_path / "target.nt"
    target.write_text("earlier")
    source.write_text("broken")
    with pytest.raises(InvalidError):
        read(source, target=target)
    assert target.read_text() == "earlier"


# Blank nodes

STRUCTURES = {
    "single": turtle(':a :p [ :q "x" ] .'),
    "nested": turtle(':a :p [ :q [ :r "x" ], [ :r "y" ] ] .'),
    "list": turtle(":a :p (1 2 (3 3) (3 3)) ."),
    "ring": turtle("_:a :p _:b . _:b :p _:c . _:c :p _:a ."),
    "twins": turtle(':a :p [ :q "x" ], [ :q "x" ] .'),
    "loop": turtle("_:a :p _:a, _:b . _:b :p _:b ."),
    "kept": turtle(f":a :p <{GENID}abc> . <{GENID}abc> :q 1 ."),
}


@pytest.mark.parametrize("name", STRUCTURES)
def test_blank_nodes_become_iris_and_back(files: Files, name: str) -> None:
    parsed = files.parse(STRUCTURES[name], "a.ttl")
    assert "_:" not in parsed.target.read_text()
    if name != "kept":
        original = ox.parse(STRUCTURES[name], ox.RdfFormat.TURTLE, base_iri=BASE)
        assert canonical(original) == canonical(with_blank_nodes(parsed.target.read_text("utf-8")))


def test_names_stay_when_something_else_changes(files: Files) -> None:
    before = files.lines(turtle(':a :p [ :q "x" ] . :b :p [ :q "y" ], 1 .'), "a.ttl")
    after = files.lines(turtle(':b :p 2, [ :q "z" ] . :a :p [ :q "x" ] .'), "a.ttl")
    assert [line for line in before if "/a>" in line or '"x"' in line] == [
        line for line in after if "/a>" in line or '"x"' in line
    ]


def test_names_fit_what_the_way_out_expects(files: Files) -> None:
    text = "\n".join(files.lines(STRUCTURES["list"] + STRUCTURES["twins"], "a.ttl"))
    names = [part.split(">")[0] for part in text.split(GENID)[1:]]
    assert names
    assert all(name.isalnum() and name.isascii() for name in names)


TEXTS = st.text(st.characters(exclude_categories=("Cs",)))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(TEXTS, st.sampled_from(["", "@en", f"^^<{XSD}string>"]))))
def test_reading_what_was_read_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, texts: list[tuple[str, str]]
) -> None:
    files = Files(tmp_path_factory.mktemp("again"))
    literals = [str(ox.Literal(text)) + suffix for text, suffix in texts]
    content = "".join(f"<x:a> <x:p> {literal} .\n_:b <x:p> {literal} .\n" for literal in literals)
    first = files.lines(content + SAME, "a.nt")
    assert first == files.lines("\n".join(first), "b.nt")
    assert sorted(set(first)) == as_stored(files.directory / "target.nt")
