from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab_server.search.text import (
    STEMMERS,
    WORDS,
    consonants,
    folded,
    plain,
    starts,
    stems,
    typed_consonants,
)

texts = st.text(max_size=40)


@given(texts)
def test_a_plain_text_stays_as_it_is(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(texts)
def test_a_folded_text_stays_as_it_is(text: str) -> None:
    bare = folded(plain(text))
    assert folded(bare) == bare


@given(texts)
def test_normal_forms_are_equal(text: str) -> None:
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert plain(normalize(form, text)) == plain(text)
        assert folded(plain(normalize(form, text))) == folded(plain(text))


@given(texts)
def test_words_have_one_space_between_and_none_around(text: str) -> None:
    assert plain(text) == " ".join(plain(text).split())


@given(texts)
def test_a_search_may_start_at_the_beginning_and_only_inside_the_text(text: str) -> None:
    found = starts(plain(text))
    assert all(plain(text).find(start[:8]) >= 0 for start in found)
    if plain(text):
        assert plain(text).startswith(found[0])


@given(texts, st.sampled_from(sorted(STEMMERS)))
def test_any_text_has_stems_in_a_language_that_has_a_stemmer(text: str, language: str) -> None:
    assert isinstance(stems(text, language), list)


PLAIN = {
    "Hälso- och sjukvård": "hälso och sjukvård",
    "  VA-nät,  ": "va nät",
    "STRASSE": "strasse",
    "Straße": "strasse",
    "A\u030aker": "åker",
    "snake_case": "snake case",
    "ﾄﾞｲﾂ": "ドイツ",
    "Σουηδίας": "σουηδίασ",
    "हिन्दी": "हिन्दी",
    "V.03.01": "v 03 01",
    "": "",
    "…": "",
}


@pytest.mark.parametrize("text", PLAIN)
def test_plain_texts(text: str) -> None:
    assert plain(text) == PLAIN[text]


FOLDED = {
    "åäö": "aao",
    "ælfrød": "aelfrod",
    "łódź": "lodz",
    "œuvre": "oeuvre",
    "σουηδία": "σουηδια",
    "تُربَة": "تربه",
    "التربة": "التربه",
    "أستراليا": "استراليا",
    "שָׁלוֹם": "שלום",
    "ёлка": "елка",
    "प्रश्न": "प्रश्न",
    "ガ": "ガ",
    "water": "water",
}


@pytest.mark.parametrize("text", FOLDED)
def test_folded_texts(text: str) -> None:
    assert folded(plain(text)) == FOLDED[text]


def test_every_word_of_a_name_is_a_start_up_to_a_limit() -> None:
    assert starts("gång och cykelvägar") == [
        "gång och cykelvägar",
        "och cykelvägar",
        "cykelvägar",
    ]
    assert len(starts(" ".join("abcdefghijklmn"))) == WORDS


def test_every_character_is_a_start_where_no_spaces_are_written() -> None:
    assert starts("土壤学") == ["土壤学", "壤学", "学"]
    assert starts("대한 민국") == ["대한 민국", "한 민국", "민국", "국"]


def test_initial_consonants_are_those_of_the_syllables() -> None:
    assert consonants("대한민국") == "ㄷㅎㅁㄱ"
    assert consonants("땅콩 A") == "ㄸㅋ"
    assert consonants("water") == ""


def test_typed_consonants_are_read_whatever_their_form() -> None:
    assert typed_consonants(plain("ㄷㅎㅁㄱ")) == "ㄷㅎㅁㄱ"
    assert typed_consonants(plain("ㄷㅎ ㅁㄱ")) == "ㄷㅎㅁㄱ"
    for other in ("대한", "ㄷ한", "water", ""):
        assert typed_consonants(plain(other)) == ""


STEMS = {
    ("förskolan", "sv"): "förskolor",
    ("biblioteken", "sv"): "bibliotek",
    ("libraries", "en"): "library",
    ("Krankenhauses", "de"): "Krankenhaus",
    ("bibliothèques", "fr"): "bibliothèque",
    ("библиотеку", "ru"): "библиотеки",
    ("prosessien", "fi"): "prosessit",
}


@pytest.mark.parametrize(("text", "language"), STEMS)
def test_endings_are_left_out(text: str, language: str) -> None:
    assert stems(text, language) == stems(STEMS[text, language], language)


def test_a_variant_of_a_language_has_its_endings_and_an_unknown_language_none() -> None:
    assert stems("schools", "en-GB") == stems("school", "en")
    assert stems("schools", "xx") == stems("schools", "") == []
