import pyoxigraph as ox
from hypothesis import example, given
from hypothesis import strategies as st

from vocab_server.rdf.repair import repair_iri, repair_language

ALPHABET = st.characters(exclude_categories=("Cs",))


@example("http://x/\U0004fffe")  # the last places of a plane are no characters
@given(st.text(ALPHABET).map(lambda text: "http://x/" + text))
def test_a_repaired_iri_is_one_and_stays_as_it_is(iri: str) -> None:
    repaired = repair_iri(iri)
    assert ox.NamedNode(repaired).value == repaired
    assert repair_iri(repaired) == repaired


@given(st.text(st.sampled_from("abzAZ019-_ é"), max_size=14))
def test_a_repaired_language_tag_is_one_or_nothing(tag: str) -> None:
    repaired = repair_language(tag)
    assert not repaired or ox.Literal("", language=repaired).language


@given(st.from_regex(r"[a-z]{2,3}(-[A-Z]{2})?(-x-[a-z]{1,8})?", fullmatch=True))
def test_a_good_language_tag_stays_as_it_is(tag: str) -> None:
    assert repair_language(tag) == tag
