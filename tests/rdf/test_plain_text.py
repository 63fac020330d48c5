"""What people read of a description that has HTML in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab_server.rdf.languages import Label
from vocab_server.rdf.plain_text import paragraphs_of, without_markup


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("<p>En.</p><p>To&nbsp;og tre.</p>", "En. To og tre."),
        ('Se <a href="https://example.org/">kart</a>.<br/>Ny linje', "Se kart. Ny linje"),
        ("<ul>\n<li>x</li>\n<li>y</li></ul>", "x y"),
        ("<P STYLE='a'>Skog &amp; mark &lt;5 m&#248;", "Skog & mark <5 mø"),
        ("<p>Cut off <a hr", "Cut off"),
        ("<p>1 < 2", "1 < 2"),
        ("where a < b and b > c", "where a < b and b > c"),
        ("Two\n\nparagraphs  as written", "Two\n\nparagraphs  as written"),
        ("Q&A; <dataset> and AT&T", "Q&A; <dataset> and AT&T"),
        ("", ""),
    ],
)
def test_markup_is_not_read_and_all_else_is(text: str, read: str) -> None:
    assert without_markup(Label(text, "no")) == Label(read, "no")


def test_blocks_are_paragraphs() -> None:
    found = paragraphs_of(Label("<div><p>One <b>and</b> a half</p><p>Two</p></div>", "en"))
    assert found == [Label("One and a half", "en"), Label("Two", "en")]


@given(st.text(alphabet=st.characters(exclude_characters="<&")))
def test_a_text_without_markup_stays_as_it_is(text: str) -> None:
    assert without_markup(Label(text)) == Label(text)
