"""The hierarchy itself: no circles, no shortcuts, no part that nothing leads to."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain, pairwise

from rdflib import Literal

from vocab_server.quality import clues
from vocab_server.quality.check import (
    Check,
    Level,
    Lines,
    Material,
    Query,
    Repair,
    Routine,
    Severity,
    Words,
)
from vocab_server.quality.hierarchy import RELATIONS, Pair, clusters, edges, statement
from vocab_server.rdf.namespaces import SKOS
from vocab_server.skos.circles import find_circles

_MIRRORS = (
    ("broader", "narrower"),
    ("narrower", "broader"),
    ("related", "related"),
    ("hasTopConcept", "topConceptOf"),
    ("topConceptOf", "hasTopConcept"),
)
_UNMIRRORED = " UNION ".join(
    f"{{ ?value skos:{said} ?focus FILTER (isIRI(?focus))"
    f" FILTER NOT EXISTS {{ ?focus skos:{missing} ?value }} BIND(skos:{missing} AS ?path) }}"
    for said, missing in _MIRRORS
)


def _circles(material: Material) -> Iterator[bytes]:
    """A finding for each concept of a circle: what is above it there. Itself alone is STR-2.

    Ways through other vocabularies are left out: no tree shows them.
    """
    pairs = material.hierarchy.pairs
    upward = pairs(SKOS.broader, SKOS.broaderTransitive)
    own = edges(upward, pairs(SKOS.narrower, SKOS.narrowerTransitive))
    for circle in find_circles(own):
        if len(circle) > 1:
            for concept, upper in pairwise([*circle, circle[0]]):
                yield statement(concept, SKOS.broader, upper)


def _shortcuts(material: Material) -> Iterator[bytes]:
    """What is right above a concept although it is above something else that is."""
    hierarchy = material.hierarchy
    for concept, uppers in hierarchy.broader.items():
        if len(uppers) < 2:
            continue
        for upper in uppers - {concept}:
            higher = hierarchy.ancestors(upper, hierarchy.broader)
            if upper not in higher and concept not in higher:  # a circle is told of by STR-1
                for shortcut in uppers & higher:
                    yield statement(concept, SKOS.broader, shortcut)


def _siblings(material: Material) -> Iterator[bytes]:
    broader = material.hierarchy.broader
    for concept, partners in material.hierarchy.related.items():
        own = broader.get(concept)
        if own:
            for other in partners:
                if concept < other and not own.isdisjoint(broader.get(other, ())):
                    yield statement(concept, SKOS.related, other)


def _islands(material: Material) -> Iterator[bytes]:
    """Each part of two concepts or more that no relation leads out of, but the largest."""
    found = Counter(clusters(_pairs(material)).values())
    for head, size in found.most_common()[1:]:
        if size > 1:
            yield statement(head, SKOS.semanticRelation, Literal(str(size)).n3())


def _pairs(material: Material) -> Iterator[Pair]:
    hierarchy = material.hierarchy
    sides = (hierarchy.broader, hierarchy.related)
    for concept, others in chain.from_iterable(side.items() for side in sides):
        for other in others:
            if concept != other:
                yield concept, other


def _only_transitive(material: Material) -> Lines:
    hierarchy = material.hierarchy
    upward = hierarchy.pairs(SKOS.broaderTransitive)
    downward = ((upper, lower) for lower, upper in hierarchy.pairs(SKOS.narrowerTransitive))
    for concept, upper in chain(upward, ((lower, upper) for upper, lower in downward)):
        if upper not in hierarchy.ancestors(concept, hierarchy.broader):
            yield statement(concept, SKOS.broaderTransitive, upper)


_PLANTS = """:plant a skos:Concept ; skos:inScheme : ; skos:topConceptOf : ;
    skos:prefLabel "plant"@en ; skos:definition "What grows in one place."@en ;
    skos:exactMatch <http://other.example/plant> .
    :moss a skos:Concept ; skos:inScheme : ; skos:broader :plant ; skos:prefLabel "moss"@en ;
    skos:definition "A low plant."@en ; skos:exactMatch <http://other.example/moss> ."""

CHECKS = (
    Check(
        id="STR-1",
        title=Words("In a circle", "I en cirkel"),
        meaning=Words(
            "A concept is, by way of others, broader than itself. A circle has no top, so a tree"
            " does not show it, and programs that walk up may never end. SKOS allows it; most who"
            " use the vocabulary do not.",
            "Ett begrepp är, via andra, överordnat sig självt. En cirkel har ingen topp, så ett"
            " träd visar den inte, och program som går uppåt kan fastna. SKOS tillåter det; de"
            " flesta som använder terminologin gör det inte.",
        ),
        remedy=Words("Remove the one relation that is wrong.", "Ta bort den relation som är fel."),
        source="House rule; qSKOS Cyclic Hierarchical Relations (SKOS Reference 8.6.8 allows it)",
        severity=Severity.VIOLATION,
        level=Level.ENFORCE,
        find=Routine(_circles, RELATIONS),
        examples=(":animal skos:broader :penguin .", ":penguin skos:narrower :bird ."),
        neighbours=(
            ":penguin skos:related :dog .",
            """:animal skos:broadMatch <http://third.example/bird> .
            :penguin skos:narrowMatch <http://third.example/bird> .""",
        ),
        implied=frozenset({"STR-7", "STR-3"}),
    ),
    Check(
        id="STR-2",
        title=Words("Related to itself", "Relaterat till sig självt"),
        meaning=Words(
            "A concept is broader than, narrower than, related to or matched with itself, which"
            " says nothing.",
            "Ett begrepp är överordnat, underordnat, relaterat till eller motsvarar sig självt,"
            " vilket inte säger något.",
        ),
        remedy=Words("Remove the relation.", "Ta bort relationen."),
        source="House rule; qSKOS Reflexively Related Concepts",
        severity=Severity.VIOLATION,
        level=Level.ENFORCE,
        find=Query(
            """VALUES ?path { skos:semanticRelation skos:broader skos:narrower skos:related
                skos:broaderTransitive skos:narrowerTransitive skos:mappingRelation skos:exactMatch
                skos:closeMatch skos:broadMatch skos:narrowMatch skos:relatedMatch }
            ?focus ?path ?focus BIND(?focus AS ?value)""",
            clue=clues.to_itself(*clues.SEMANTIC),
        ),
        examples=(":dog skos:related :dog .", ":dog skos:broader :dog ."),
        neighbours=(":dog skos:related :penguin .",),
        repair=Repair.REMOVE,
        implied=frozenset({"MAP-1"}),
    ),
    Check(
        id="STR-3",
        title=Words("Shortcut in the hierarchy", "Genväg i hierarkin"),
        meaning=Words(
            "A concept is right under another one, and also further down under it. The short way"
            " says nothing new, and trees show the concept twice.",
            "Ett begrepp står direkt under ett annat och även längre ned under det. Genvägen säger"
            " inget nytt, och träd visar begreppet två gånger.",
        ),
        remedy=Words("Remove the shortcut.", "Ta bort genvägen."),
        source="qSKOS Hierarchical Redundancy; VocBench ICV; Skosify",
        severity=Severity.WARNING,
        level=Level.REPORT,
        find=Routine(_shortcuts, RELATIONS),
        examples=(":penguin skos:broader :animal .", ":animal skos:narrower :penguin ."),
        neighbours=(":penguin skos:broader :dog .",),
        repair=Repair.REMOVE,
    ),
    Check(
        id="STR-8",
        title=Words("Relation in one direction only", "Relation åt bara ett håll"),
        meaning=Words(
            "A relation is stated at one of its ends only. SKOS says that the other direction holds"
            " too, so this is no fault for programs that know SKOS.",
            "En relation anges bara i sin ena ände. SKOS säger att den gäller även åt andra hållet,"
            " så det är inget fel för program som kan SKOS.",
        ),
        remedy=Words(
            "State the other direction, if simple programs read the file.",
            "Ange den även åt andra hållet, om enkla program läser filen.",
        ),
        source="qSKOS Unidirectionally Related Concepts; SKOS Reference S8, S23, S25",
        severity=Severity.INFORMATION,
        level=Level.IGNORE,
        find=Query(_UNMIRRORED),
        examples=(":penguin skos:related :dog .",),
        neighbours=(":penguin skos:related :dog . :dog skos:related :penguin .",),
        repair=Repair.ADD,
    ),
    Check(
        id="STR-9",
        title=Words("Above it, but nothing says how", "Överordnat, men inget säger hur"),
        meaning=Words(
            "A concept is said to be somewhere under another one (broaderTransitive), but no chain"
            " of broader leads there.",
            "Ett begrepp sägs stå någonstans under ett annat (broaderTransitive), men ingen kedja"
            " av överordnade leder dit.",
        ),
        remedy=Words(
            "State what is right above the concept.", "Ange vad som är närmast överordnat."
        ),
        source="qSKOS Solely Transitively Related Concepts; SKOS Reference 8.1",
        severity=Severity.WARNING,
        level=Level.REPORT,
        find=Routine(_only_transitive, RELATIONS),
        examples=(":penguin skos:broaderTransitive :dog .", ":cat skos:narrowerTransitive :bird ."),
        neighbours=(":penguin skos:broaderTransitive :animal .",),
    ),
    Check(
        id="STR-10",
        title=Words("Siblings that are related", "Syskon som är relaterade"),
        meaning=Words(
            "Two concepts right under the same one are related. That they belong together is seen"
            " already.",
            "Två begrepp direkt under samma är relaterade. Att de hör ihop syns redan.",
        ),
        remedy=Words(
            "Keep the relation only where it says more.",
            "Behåll relationen bara om den säger något mer.",
        ),
        source="qSKOS Valueless Associative Relations; ISO 25964-1 11.3.2.2",
        severity=Severity.INFORMATION,
        level=Level.REPORT,
        find=Routine(_siblings, RELATIONS),
        examples=(":dog skos:related :cat .",),
        neighbours=(":penguin skos:related :cat .",),
    ),
    Check(
        id="STR-11",
        title=Words("Apart from the rest", "Skilt från resten"),
        meaning=Words(
            "A group of concepts has no relation to the rest of the vocabulary. The value says how"
            " many there are.",
            "En grupp begrepp har ingen relation till resten av terminologin. Värdet anger hur"
            " många"
            " de är.",
        ),
        remedy=Words(
            "See whether something should lead there.", "Se efter om något borde leda dit."
        ),
        source="qSKOS Disconnected Concept Clusters",
        severity=Severity.INFORMATION,
        level=Level.REPORT,
        find=_islands,
        examples=(_PLANTS,),
        neighbours=(f"{_PLANTS} :moss skos:related :bird .",),
        needs_all=True,
    ),
)
