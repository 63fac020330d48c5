"""Links to other vocabularies."""

from vocab_server.quality.check import Check, Level, Query, Severity, Words

_MATCHES = "skos:exactMatch skos:closeMatch skos:broadMatch skos:narrowMatch skos:relatedMatch"
_NO_MATCH = " ".join(
    f"FILTER NOT EXISTS {{ ?focus {name} ?out{place} }}"
    f" FILTER NOT EXISTS {{ ?in{place} {name} ?focus }}"
    for place, name in enumerate(_MATCHES.split())
)
_WOLF = """:wolf a skos:Concept ; skos:inScheme : ; skos:broader :animal ;
    skos:prefLabel "wolf"@en ; skos:definition "A wild dog."@en """

CHECKS = (
    Check(
        id="MAP-1",
        title=Words("Match inside the vocabulary", "Motsvarighet inom terminologin"),
        meaning=Words(
            "Matches are for links between vocabularies. Inside one, broader, narrower and related"
            " say the same, and trees show them.",
            "Motsvarigheter är för länkar mellan terminologier. Inom en säger överordnat,"
            " underordnat"
            " och relaterat detsamma, och träd visar dem.",
        ),
        remedy=Words(
            "Use broader, narrower or related; merge what is the same.",
            "Använd överordnat, underordnat eller relaterat; slå ihop det som är samma.",
        ),
        source="SKOS Reference 10.6.1; qSKOS Mapping Relations Misuse",
        severity=Severity.WARNING,
        level=Level.REPORT,
        find=Query(f"""VALUES ?path {{ {_MATCHES} }} ?focus ?path ?value .
            ?focus skos:inScheme ?scheme . ?value skos:inScheme ?scheme"""),
        examples=(":dog skos:closeMatch :cat .",),
        neighbours=(":dog skos:closeMatch <http://other.example/hound> .",),
    ),
    Check(
        id="MAP-2",
        title=Words("Without a link to another vocabulary", "Utan länk till en annan terminologi"),
        meaning=Words(
            "The concept has no match in another vocabulary: data marked with it is not found by"
            " those who use another one.",
            "Begreppet saknar motsvarighet i andra terminologier: data som märkts med det"
            " hittas inte"
            " av dem som använder en annan.",
        ),
        remedy=Words(
            "Link it to a concept that means the same, or nearly.",
            "Länka det till ett begrepp som betyder detsamma, eller nästan.",
        ),
        source="qSKOS Missing Out-Links",
        severity=Severity.INFORMATION,
        level=Level.REPORT,
        find=Query(f"""?focus a skos:Concept {_NO_MATCH}
            FILTER NOT EXISTS {{ ?focus owl:sameAs ?same }}
            FILTER NOT EXISTS {{ ?focus owl:deprecated true }}
            BIND(skos:exactMatch AS ?path) BIND(?focus AS ?value)"""),
        examples=(f"{_WOLF}.",),
        neighbours=(f"{_WOLF}; skos:closeMatch <http://other.example/wolf> .",),
    ),
    Check(
        id="MAP-5",
        title=Words("Two that match the same", "Två som motsvarar samma"),
        meaning=Words(
            "Two concepts of the vocabulary have an exact match to the same foreign concept: then"
            " they mean the same themselves.",
            "Två begrepp i terminologin är exakta motsvarigheter till samma begrepp i en annan: då"
            " betyder de själva samma sak.",
        ),
        remedy=Words(
            "Make one of them a close or broader match, or merge the two.",
            "Gör den ena till nära eller vidare motsvarighet, eller slå ihop de två.",
        ),
        source="SKOS Reference S44 and S45",
        severity=Severity.WARNING,
        level=Level.REPORT,
        find=Query("""{ SELECT ?value ?scheme {
                ?focus skos:exactMatch ?value ; skos:inScheme ?scheme
                FILTER NOT EXISTS { ?focus owl:deprecated true } }
                GROUP BY ?value ?scheme HAVING (COUNT(DISTINCT ?focus) > 1) }
            ?focus skos:exactMatch ?value ; skos:inScheme ?scheme
            BIND(skos:exactMatch AS ?path)"""),
        examples=(":cat skos:exactMatch <http://other.example/dog> .",),
        neighbours=(":cat skos:closeMatch <http://other.example/dog> .",),
    ),
)
