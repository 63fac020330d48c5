"""Languages: which label to show, and in which order (BCP 47; Unicode Collation Algorithm)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import icu

_DIGITS = re.compile(r"(\d+)")
_TAG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,5}\Z")
_WORD = re.compile(r"[a-z0-9]+")
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_DANISH = str.maketrans({"å": "aa", "Å": "Aa"})
_SPELLINGS = {"da": _DANISH, "de": _GERMAN, "nb": _DANISH, "nn": _DANISH, "no": _DANISH}
_MACROLANGUAGES = {"nb": "no", "nn": "no"}  # of the IANA registry, those with labels of both
_OWN_NAMES = {
    "fit": "meänkieli",
    "la": "Latina",
    "rmy": "romani čhib",
    "sma": "åarjelsaemien gïele",
    "smj": "julevsámegiella",
}  # of languages that ICU knows by the names that others have for them
OTHER_SIGNS = "0-9"
OTHER_SCRIPTS = "other"
MAX_KEY = 120  # bytes of a collation key that count; longer names differ earlier


@dataclass(frozen=True, slots=True)
class Label:
    """A text and its language tag as BCP 47 writes it; "" when the text has no language."""

    text: str
    language: str = ""


def chain(wanted: str, fallbacks: Sequence[str], present: Iterable[str]) -> tuple[str, ...]:
    """The languages of a vocabulary in the order in which labels are looked for.

    The wanted language first, exactly, then its variants (``sv`` finds ``sv-FI``) and its parents
    (``sv-FI`` finds ``sv``), RFC 4647, 3.4; the same for each fallback; then text without a
    language; then what else is ``present``, in the order given. Tags are compared and returned in
    lower case, as the store keeps them.
    """
    rest = list(dict.fromkeys(tag.lower() for tag in present))
    found: list[str] = []
    for language in (*_with_parents(wanted), *(tag.lower() for tag in fallbacks)):
        found += [tag for tag in rest if tag == language]
        found += [tag for tag in rest if tag.startswith(f"{language}-")]
    found += [tag for tag in rest if not tag]
    return tuple(dict.fromkeys((*found, *rest)))


def is_tag(text: str) -> bool:
    """Whether a text has the shape of a language tag (RFC 5646, 2.1)."""
    return bool(_TAG.match(text))


def is_same_language(one: str, other: str) -> bool:
    """Whether two tags may be of one language; any is that of a text without one.

    A macrolanguage is the same as each that it covers (RFC 5646, 4.1.1), as Norwegian is Bokmål.
    """
    mains = {tag.partition("-")[0].lower() for tag in (one, other)} - {""}
    return len({_MACROLANGUAGES.get(main, main) for main in mains}) < 2


def _with_parents(tag: str) -> list[str]:
    parts = tag.lower().split("-")
    return ["-".join(parts[:length]) for length in range(len(parts), 0, -1)]


def resolve(labels: Iterable[Label], languages: Sequence[str]) -> Label | None:
    """The label to show: the first language of the chain that has one, else any, else None.

    The one function that decides this, for pages, interfaces and exports. Among several in one
    language the first in alphabetical order, so that two calls agree.
    """
    listed = tuple(labels)
    for tag in languages:  # most often the first has one
        found = [label for label in listed if label.language.lower() == tag]
        if found:
            return min(found, key=_by_language)
    return min(listed, key=_by_language, default=None)


def _by_language(label: Label) -> tuple[str, str]:
    return label.language, label.text


@lru_cache(maxsize=1_000)
def display_tag(tag: str) -> str:
    """A language tag in the case that BCP 47 recommends: ``zh-Hant-TW`` (RFC 5646, 2.1.1)."""
    first, *rest = tag.split("-")
    return "-".join([first.lower(), *(_cased(part) for part in rest)])


def _cased(subtag: str) -> str:
    if len(subtag) == 4 and subtag.isalpha():  # a script
        return subtag.title()
    if len(subtag) == 2:  # a region
        return subtag.upper()
    return subtag.lower()


@lru_cache(maxsize=1_000)
def language_name(tag: str, in_language: str | None = None) -> str:
    """The name of a language, in its own words unless another language is given.

    The tag itself when nobody knows its name (Unicode CLDR, by ICU).
    """
    if in_language is None and tag.lower() in _OWN_NAMES:
        return _OWN_NAMES[tag.lower()]
    try:
        locale = icu.Locale.forLanguageTag(tag)
        reader = icu.Locale.forLanguageTag(in_language) if in_language else locale
    except icu.ICUError:  # it is no tag
        return display_tag(tag)
    if not locale.getLanguage():  # nor is one for private use that of a language
        return display_tag(tag)
    return str(locale.getDisplayName(reader)) or display_tag(tag)


def ascii_words(text: str, language: str) -> str:
    """A text as words of lower-case ASCII letters and digits with hyphens between them.

    Other scripts are written as they sound (Unicode CLDR transliteration, by ICU): å is a in
    Swedish and aa in Danish, 한국 is hangug. "" when nothing is left.
    """
    spelled = text.translate(_SPELLINGS.get(language.partition("-")[0].lower(), {}))
    return "-".join(_WORD.findall(_latin().transliterate(spelled)))


def order(text: str, language: str) -> bytes:
    """A key that sorts texts alphabetically by the rules of the language.

    Swedish puts å, ä, ö after z, German beside a and o (Unicode CLDR collation, by ICU).
    """
    return bytes(_collator(language).getSortKey(text))[:MAX_KEY]


def notation_order(notation: str) -> str:
    """A key that sorts notations as people count: 2 before 10, and 33.03 before 33.1.

    Numbers by their value, but one that begins with a zero goes before those that do not.
    """
    return "".join(_counted(part) for part in _DIGITS.split(notation[:MAX_KEY]) if part)


def _counted(part: str) -> str:
    if not part.isdecimal():
        return part.casefold()
    return f"0{part}" if part.startswith("0") else f"1{len(part):03}{part}"


def initial(text: str, language: str) -> str:
    """The letter under which an alphabetical index in this language lists a text.

    Hangul by initial consonant, Chinese by the first letter of its reading, Latin letters also
    where the language has another script (Unicode CLDR index characters); OTHER_SIGNS for digits
    and signs, OTHER_SCRIPTS for letters that neither has.
    """
    index, letters = _index(language)
    place: int = index.getBucketIndex(text)
    return letters[place]


def initials(language: str) -> tuple[str, ...]:
    """The letters of the language's alphabetical index, in its order."""
    return _index(language)[1]


@lru_cache(maxsize=1)
def _latin() -> icu.Transliterator:
    return icu.Transliterator.createInstance("Any-Latin; Latin-ASCII; Lower")


@lru_cache(maxsize=256)
def _collator(language: str) -> icu.Collator:
    return icu.Collator.createInstance(icu.Locale(language))


@lru_cache(maxsize=256)
def _index(language: str) -> tuple[icu.AlphabeticIndex, tuple[str, ...]]:
    index = icu.AlphabeticIndex(icu.Locale(language))
    index.addLabels(icu.Locale("en"))
    buckets = index.buildImmutableIndex()
    middle = [buckets.getBucket(place)[0] for place in range(1, buckets.bucketCount - 1)]
    letters = (OTHER_SIGNS, *(_letter(label) for label in middle), OTHER_SCRIPTS)
    return buckets, letters


def _letter(label: str) -> str:
    return OTHER_SCRIPTS if label == "…" else label  # between two scripts


@lru_cache(maxsize=1)
def known_languages() -> frozenset[str]:
    """The languages that Unicode knows, as their tags begin (ISO 639, by ICU)."""
    codes = {str(code) for code in icu.Locale.getISOLanguages()}
    three = {icu.Locale(code).getISO3Language() for code in codes}
    return frozenset(codes | three | {"mul", "und", "zxx", "mis", "x", "i", "no", "sh", "tl"})
