import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab_server.rdf.languages import (
    OTHER_SCRIPTS,
    OTHER_SIGNS,
    Label,
    chain,
    display_tag,
    initial,
    initials,
    is_same_language,
    language_name,
    order,
    resolve,
)

TAGS = (
    "",
    "en",
    "sv",
    "sv-fi",
    "nb",
    "ko",
    "ar",
    "zh-hant",
    "de-1996",
    "x-own",
    "i-klingon",
    "qaa",
)
tags = st.sampled_from(TAGS)

# what is wanted, the fallbacks, what there is, the order in which it is looked for
CHAINS = [
    ("sv", ["en"], ["en", "sv"], ["sv", "en"]),
    ("sv", ["en"], ["sv-FI", "en"], ["sv-fi", "en"]),
    ("sv-FI", ["en"], ["en", "sv"], ["sv", "en"]),
    ("sv-FI", ["en"], ["sv", "sv-fi", "en"], ["sv-fi", "sv", "en"]),
    ("SV", ["EN"], ["EN", "SV"], ["sv", "en"]),
    ("sv", ["en"], ["ko", "", "en"], ["en", "", "ko"]),
    ("sv", ["en"], ["en-GB", "de"], ["en-gb", "de"]),
    ("zh-Hant-TW", [], ["zh", "zh-Hant", "zh-Hans"], ["zh-hant", "zh", "zh-hans"]),
    ("s", ["en"], ["sv"], ["sv"]),
    ("sv", ["en"], [], []),
    ("", ["en"], ["sv", "", "en"], ["", "en", "sv"]),
]


@pytest.mark.parametrize(("wanted", "fallbacks", "present", "expected"), CHAINS)
def test_languages_are_looked_for_in_this_order(
    wanted: str, fallbacks: list[str], present: list[str], expected: list[str]
) -> None:
    assert list(chain(wanted, fallbacks, present)) == expected


@given(tags, st.lists(tags), st.lists(tags))
def test_every_language_is_in_the_chain_once(
    wanted: str, fallbacks: list[str], present: list[str]
) -> None:
    found = chain(wanted, fallbacks, present)
    assert sorted(found) == sorted(set(present))


@given(st.lists(st.builds(Label, st.text(max_size=3), tags)), st.lists(tags))
def test_the_label_to_show_does_not_depend_on_the_order_they_come_in(
    labels: list[Label], languages: list[str]
) -> None:
    assert resolve(labels, languages) == resolve(labels[::-1], languages)
    assert (resolve(labels, languages) in labels) == bool(labels)


RESOLVED = [
    ([Label("dog", "en"), Label("hund", "sv")], ["sv", "en"], "hund"),
    ([Label("dog", "en")], ["sv"], "dog"),
    ([Label("hund", "SV"), Label("dog", "en")], ["sv"], "hund"),
    ([Label("b", "en"), Label("a", "en")], ["en"], "a"),
    ([Label("chien", "fr"), Label("x")], ["sv", ""], "x"),
]


@pytest.mark.parametrize(("labels", "languages", "shown"), RESOLVED)
def test_the_first_language_that_has_a_label_decides(
    labels: list[Label], languages: list[str], shown: str
) -> None:
    found = resolve(labels, languages)
    assert found is not None
    assert found.text == shown


ORDERED = {
    "sv": ["apa", "zebra", "ål", "ånga", "älg", "öl"],
    "de": ["Apfel", "Äpfel", "Zebra"],
    "en": ["apple", "Äpple", "Banana", "zebra"],
    "ko": ["가지", "나비", "다리", "하늘"],
    "ar": ["أسد", "باب", "تفاح", "ياسمين"],
    "zh-hans": ["爱", "北", "中"],
    "": ["a", "B", "c"],
}


@pytest.mark.parametrize("language", ORDERED)
def test_words_are_sorted_as_their_language_does(language: str) -> None:
    keys = [order(word, language) for word in ORDERED[language]]
    assert keys == sorted(set(keys))


INITIALS = [
    ("sv", "ål", "Å"),
    ("sv", "Älg", "Ä"),
    ("sv", "öl", "Ö"),
    ("en", "ål", "A"),
    ("de", "Äpfel", "A"),
    ("ko", "가지", "ㄱ"),
    ("ko", "하늘", "ㅎ"),
    ("ko", "dog", "D"),
    ("ar", "باب", "ب"),
    ("ar", "dog", "D"),
    ("sv", "7 zip", OTHER_SIGNS),
    ("sv", "한국", OTHER_SCRIPTS),
    ("", "dog", "D"),
]


@pytest.mark.parametrize(("language", "text", "letter"), INITIALS)
def test_a_name_is_under_the_letter_where_its_readers_look(
    language: str, text: str, letter: str
) -> None:
    assert initial(text, language) == letter


@given(st.text(), tags)
def test_every_name_is_under_one_of_the_letters_of_its_language(text: str, language: str) -> None:
    assert initial(text, language) in initials(language)


@given(st.text(), st.text(), tags)
def test_the_order_is_one_for_texts_in_any_language(one: str, other: str, language: str) -> None:
    assert (order(one, language) < order(other, language)) or (
        order(other, language) <= order(one, language)
    )


@given(st.from_regex(r"[a-z]{2,8}(-[a-z0-9]{1,8}){0,3}", fullmatch=True), st.text(max_size=3))
def test_no_language_tag_is_too_odd_to_sort_by(language: str, text: str) -> None:
    assert order(text, language)
    assert initial(text, language) in initials(language)
    assert display_tag(language).lower() == language
    assert language_name(language)


@pytest.mark.parametrize("language", TAGS)
def test_no_letter_comes_twice(language: str) -> None:
    letters = [letter for letter in initials(language) if letter != OTHER_SCRIPTS]
    assert len(letters) == len(set(letters))


@pytest.mark.parametrize(
    "tag", ["en", "sv-FI", "zh-Hant-TW", "sr-Latn", "de-1996", "sl-IT-nedis", "es-419", ""]
)
def test_tags_are_shown_in_the_case_of_bcp_47(tag: str) -> None:
    assert display_tag(tag.lower()) == display_tag(tag.upper()) == tag


NAMES = [
    ("sv", None, "svenska"),
    ("sv", "en", "Swedish"),
    ("ko", None, "한국어"),
    ("fit", None, "meänkieli"),
    ("fit", "en", "Tornedalen Finnish"),
    ("smj", None, "julevsámegiella"),
    ("zh-TW", "en", "Chinese (Taiwan)"),
    ("qaa", None, "qaa"),
    ("x-own", "en", "x-own"),
    ("no_tag", None, "no_tag"),
    ("", None, ""),
]


@pytest.mark.parametrize(("tag", "in_language", "name"), NAMES)
def test_a_language_is_called_by_its_name(tag: str, in_language: str | None, name: str) -> None:
    assert language_name(tag, in_language) == name


def test_the_first_place_of_a_repeated_language_counts() -> None:
    labels = [Label("Water", "en"), Label("Vatten", "sv")]
    assert resolve(labels, ("sv", "en", "sv")) == Label("Vatten", "sv")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("nb", "no", True),
        ("nn-NO", "NO", True),
        ("sv-FI", "sv", True),
        ("", "ko", True),
        ("sv", "no", False),
        ("ar", "he", False),
    ],
)
def test_a_macrolanguage_is_each_of_its_languages(one: str, other: str, expected: bool) -> None:
    assert is_same_language(one, other) is is_same_language(other, one) is expected
