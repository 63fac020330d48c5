"""Hypothesis strategies: valid vocabularies of a few concepts, and operations on them."""

from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st

from tests.curating import PLACE
from vocab_server.rdf.skolem import PREFIX

COUNT = 6
NAMES = [f"c{number}" for number in range(COUNT)]
MADE = ["red", "red-2", "blue", "unknown"]  # addresses that acts may propose; one never is
TEXTS = ["red", "blue", "green"]
LANGUAGES = ["en", "sv", "ko"]
TARGETS = [f"https://elsewhere.example/{number}" for number in range(3)]
MAPPINGS = ["exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch"]
GROUPS = ["group", "list"]

iris = st.sampled_from([PLACE + name for name in [*NAMES, *NAMES, *MADE]])
some = st.lists(iris, max_size=3)
groups = st.sampled_from([PLACE + name for name in GROUPS])
language = st.sampled_from(LANGUAGES)
text = st.sampled_from(TEXTS)
literal = st.fixed_dictionaries({"text": text, "lang": language})
labels = st.dictionaries(language, text, min_size=1, max_size=2)
kinds = st.sampled_from(["prefLabel", "altLabel", "hiddenLabel"])
notes = st.sampled_from(["definition", "scopeNote", "example"])
reason = st.fixed_dictionaries({"en": st.just("Because.")})


@st.composite
def vocabularies(draw: st.DrawFn) -> str:
    """A vocabulary as Turtle: only broader stated, only narrower, or both; with top concepts."""
    above = {
        number: draw(st.sets(st.integers(0, number - 1), max_size=2)) if number else set()
        for number in range(COUNT)
    }
    style = draw(st.sampled_from(["broader", "narrower", "both"]))
    lines = [": a skos:ConceptScheme .", *_concepts(draw), *_hierarchy(above, style)]
    lines += _related(draw, above)
    lines += _mappings(draw)
    return "\n".join([*lines, *_groups(draw)])


def _concepts(draw: st.DrawFn) -> Iterable[str]:
    for number, name in enumerate(NAMES):
        yield f':{name} a skos:Concept ; skos:inScheme : ; skos:prefLabel "{name}"@en .'
        for tag in LANGUAGES[1:]:
            if draw(st.booleans()):
                yield f':{name} skos:prefLabel "{draw(text)}"@{tag} .'
        if draw(st.booleans()):
            yield f':{name} skos:altLabel "{draw(text)}"@en .'
        if draw(st.booleans()):
            yield f':{name} skos:definition "Definition {number}"@en .'


def _hierarchy(above: dict[int, set[int]], style: str) -> Iterable[str]:
    for number, parents in above.items():
        if not parents:
            yield f": skos:hasTopConcept :c{number} . :c{number} skos:topConceptOf : ."
        for parent in parents:
            if style != "narrower":
                yield f":c{number} skos:broader :c{parent} ."
            if style != "broader":
                yield f":c{parent} skos:narrower :c{number} ."


def over(above: dict[int, set[int]], number: int) -> set[int]:
    """What stands above a concept at any distance."""
    return above[number].union(*(over(above, parent) for parent in above[number]))


def _related(draw: st.DrawFn, above: dict[int, set[int]]) -> Iterable[str]:
    free = [
        (one, other)
        for one in range(COUNT)
        for other in range(one)
        if other not in over(above, one)
    ]
    for one, other in draw(st.lists(st.sampled_from(free), max_size=3)) if free else []:
        yield f":c{one} skos:related :c{other} ."


def _mappings(draw: st.DrawFn) -> Iterable[str]:
    for place, target in enumerate(TARGETS):
        name = draw(st.sampled_from(NAMES))
        yield f":{name} skos:{draw(st.sampled_from(MAPPINGS))} <{target}> ." if place else ""


def _groups(draw: st.DrawFn) -> Iterable[str]:
    yield ':group a skos:Collection ; skos:prefLabel "Group"@en .'
    yield from (f":group skos:member :{name} ." for name in draw(st.sets(st.sampled_from(NAMES))))
    members = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=4))
    nodes = [f"<{PREFIX}{number}>" for number in range(len(members))] + ["rdf:nil"]
    yield f":list a skos:OrderedCollection ; skos:memberList {nodes[0]} ."
    yield ':list skos:prefLabel "List"@en .'
    for place, name in enumerate(members):
        yield f"{nodes[place]} rdf:first :{name} ; rdf:rest {nodes[place + 1]} ."
        yield f":list skos:member :{name} ."


def _act(do: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"do": st.just(do), **fields})


_parts = st.lists(
    st.one_of(
        st.fixed_dictionaries({"concept": iris, "narrower": some}),
        st.fixed_dictionaries(
            {
                "prefLabel": labels,
                "narrower": some,
                "mappedTo": st.lists(st.sampled_from(TARGETS), max_size=1),
                "collections": st.lists(groups, max_size=1),
            }
        ),
    ),
    min_size=2,
    max_size=3,
)
_cells = st.lists(
    st.fixed_dictionaries(
        {"concept": iris, "lang": language, "text": st.just("") | text, "kind": kinds}
    ),
    min_size=1,
    max_size=3,
)

operations = st.one_of(
    _act("create", prefLabel=labels, broader=some),
    _act("addBroader", concept=iris, broader=iris),
    _act("removeBroader", concept=iris, broader=iris),
    _act("move", **{"concept": some, "to": iris | st.none(), "from": iris | st.none()}),
    _act("move", concept=some, to=iris | st.none()),
    _act("addRelated", concept=iris, related=iris),
    _act("removeRelated", concept=iris, related=iris),
    _act("addMapping", concept=iris, relation=st.sampled_from(MAPPINGS),
         target=st.sampled_from(TARGETS) | iris),
    _act("addLabel", concept=iris, kind=kinds, label=literal),
    _act("changeLabel", concept=iris, kind=kinds, before=literal, label=literal),
    _act("removeLabel", concept=iris, kind=kinds, label=literal),
    _act("setLabels", cells=_cells),
    _act("addNote", concept=iris, kind=notes, note=literal),
    _act("setNotation", concept=iris, notation=st.none() | text),
    _act("merge", concept=some, into=iris),
    _act("merge", concept=iris, into=iris),
    _act("deprecate", concept=iris, replacedBy=some, reason=reason, othersTo=some),
    _act("deprecate", concept=iris, replacedBy=some, reason=reason),
    _act("restore", concept=iris),
    _act("restore", concept=iris, to=some),
    _act("split", concept=iris, parts=_parts),
    _act("createCollection", prefLabel=labels, members=some, ordered=st.booleans()),
    _act("addMember", collection=groups, member=iris),
    _act("removeMember", collection=groups, member=iris),
    _act("setMembers", collection=groups, members=some),
    _act("order", broader=iris | st.none(), concepts=some),
    _act("discard", concept=iris),
)  # fmt: skip
"""What a curator may try; much of it is refused."""
