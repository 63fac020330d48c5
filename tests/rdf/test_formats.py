"""Which serialization a client gets: the formats by name, and content negotiation (RFC 9110)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Literal
from rdflib.namespace import XSD

from vocab_server.errors import NotOfferedError, UnknownFormatError
from vocab_server.rdf.formats import (
    DESCRIPTION_FORMATS,
    FORMATS,
    RESULTS,
    Format,
    content_type,
    find_format,
    get_format,
    negotiate,
)

TURTLE, JSON_LD, HTML = "text/turtle", "application/ld+json", "text/html"
OFFERS = (TURTLE, JSON_LD, HTML)

RANGES = st.sampled_from([*OFFERS, "text/*", "application/*", "*/*", "image/png", "TEXT/HTML"])
PARAMETERS = st.sampled_from(["", ";charset=utf-8", '; profile="a, b;c"', ";level=1"])
QUALITIES = st.sampled_from([None, "0", "0.0", "0.001", "0.5", "0.9", "1", "1.000"])
OFFERED = st.lists(st.sampled_from(OFFERS), min_size=1, unique=True).map(tuple)
HEADERS = st.one_of(
    st.none(),
    st.text(),
    st.text(alphabet=st.sampled_from('*/;,=q."\\ 019textml+-')),
    st.lists(RANGES).map(", ".join),
)


@given(HEADERS, OFFERED)
def test_negotiation_gives_an_offer_or_a_refusal_and_never_else(
    accept: str | None, offers: tuple[str, ...]
) -> None:
    try:
        assert negotiate(accept, offers) in offers
    except NotOfferedError as error:
        assert error.offers == offers
        assert all(offer in str(error) for offer in offers)


@given(st.dictionaries(RANGES, st.tuples(QUALITIES, PARAMETERS), min_size=1), OFFERED)
def test_the_most_specific_range_decides_and_then_the_quality(
    stated: dict[str, tuple[str | None, str]], offers: tuple[str, ...]
) -> None:
    written = (f"{name}{more}" + (f";q={q}" if q else "") for name, (q, more) in stated.items())
    accept = ", ".join(written)
    qualities = {offer: expected_quality(stated, offer) for offer in offers}
    best = max(qualities.values())
    if best == 0:
        with pytest.raises(NotOfferedError):
            negotiate(accept, offers)
    else:
        expected = next(offer for offer in offers if qualities[offer] == best)
        assert negotiate(accept, offers) == expected


def expected_quality(stated: dict[str, tuple[str | None, str]], offer: str) -> float:
    """What RFC 9110, 12.5.1 gives an offer: the quality of the closest range that covers it."""
    for closest in (offer, offer.partition("/")[0] + "/*", "*/*"):
        found = [float(q or 1) for name, (q, _) in stated.items() if name.lower() == closest]
        if found:
            return max(found)
    return 0


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, TURTLE),
        ("", TURTLE),
        ("*/*", TURTLE),
        ("text/*;q=0.5, */*;q=0.1", TURTLE),
        ("text/html, */*", TURTLE),
        ("text/html, */*;q=0.9", HTML),
        ("text/*;q=0.1, application/*", JSON_LD),
        ("text/turtle;q=0.2, text/*;q=0.8", HTML),
        ("text/turtle;q=0, */*", JSON_LD),
        ('application/ld+json; profile="http://www.w3.org/ns/json-ld#compacted"', JSON_LD),
        ("Text/HTML; Charset=UTF-8", HTML),
        ("text/html;q=0.333, application/ld+json;q=0.334", JSON_LD),
        (" text/html ,, application/pdf ", HTML),
    ],
)
def test_a_header_gets_what_the_book_says(accept: str | None, expected: str) -> None:
    assert negotiate(accept, OFFERS) == expected


@pytest.mark.parametrize("accept", ["image/png", "*/*;q=0", "text", "html", "text/html;q=0"])
def test_a_header_that_takes_nothing_of_ours_is_refused(accept: str) -> None:
    with pytest.raises(NotOfferedError, match=r"text/turtle, application/ld\+json"):
        negotiate(accept, OFFERS)


@pytest.mark.parametrize("formats", [FORMATS, DESCRIPTION_FORMATS, RESULTS])
def test_every_name_of_a_format_finds_it(formats: tuple[Format, ...]) -> None:
    for form in formats:
        for name in (form.name, form.media_type, form.extension, f".{form.extension}"):
            assert find_format(name, formats) is form
        assert find_format(f"{form.media_type}; charset=utf-8", formats) is form


def test_the_own_name_of_a_format_goes_before_another_name_of_an_earlier_one() -> None:
    assert get_format("n3").media_type == "text/n3"
    assert get_format("n3", DESCRIPTION_FORMATS).media_type == TURTLE


def test_an_unknown_format_is_refused_with_those_there_are() -> None:
    assert find_format("docx") is None
    with pytest.raises(UnknownFormatError, match=r"docx.*jsonld, nt, rdf, ttl"):
        get_format("docx", DESCRIPTION_FORMATS)


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [(TURTLE, f"{TURTLE}; charset=utf-8"), (JSON_LD, JSON_LD), ("image/svg+xml", "image/svg+xml")],
)
def test_only_text_says_its_charset(media_type: str, expected: str) -> None:
    assert content_type(media_type) == expected


def test_a_value_that_its_datatype_does_not_allow_fills_no_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert Literal("20170101", datatype=XSD.date).value is None
    assert caplog.records == []
