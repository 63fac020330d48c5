"""How names and what people type are made alike before they are compared.

Two forms: *plain* keeps every letter (å is not a), *folded* drops the marks (a finds å, an Arabic
word without vowels finds the one with). Unicode normal forms are equal in both (UAX #15).
"""

import re
import unicodedata
from functools import cache, lru_cache
from unicodedata import category

import tantivy

WORDS = 8  # words of a name at which a search may start
REMEMBERED = 100_000  # words whose stems are kept: names of one vocabulary repeat theirs
STEMMERS = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nb": "norwegian",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
}
# Endings that a stemmer leaves on: skolan is skola, as skolor is; badplats loses its s, and
# badplatser does not.
_FORGOTTEN = {"sv": re.compile("(?<=...)(?:an|s)$")}

# What is neither letter, digit nor mark; Python's own "\W" takes vowel signs for separators.
_MARK_SIGNS = "".join(c for c in map(chr, range(0x300, 0x20000)) if category(c).startswith("M"))
_SEPARATORS = re.compile(f"(?:[^\\w{re.escape(_MARK_SIGNS)}]|_)+")
_ASCII_SEPARATORS = re.compile("[^a-z0-9]+")
# Marks that may be left out in writing: Latin, Greek and Cyrillic accents, Hebrew points, Arabic
# vowels. Marks of other scripts (Devanagari, Thai, kana) are letters of the word and stay.
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]")
_LETTERS = str.maketrans(
    {
        "ø": "o",
        "æ": "ae",
        "œ": "oe",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ı": "i",
        "ħ": "h",
        "ŧ": "t",
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ى": "ي",
        "ة": "ه",
        "ـ": None,
    }
)
_CONSONANTS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_INITIALS = range(0x1100, 0x1113)  # Hangul consonants at the beginning of a syllable
_SYLLABLES = range(0xAC00, 0xD7A4)  # Hangul syllables; 588 for each initial consonant
_HANGUL = re.compile("[\uac00-\ud7a3]")
_WITHOUT_SPACES = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7a3]")


def plain(text: str) -> str:
    """Words in lower case with one space between; every letter as it is."""
    is_ascii = text.isascii()
    lowered = text.lower() if is_ascii else unicodedata.normalize("NFKC", text).casefold()
    if lowered.replace(" ", "").isalnum():  # most names: a third of the time
        return " ".join(lowered.split())
    return (_ASCII_SEPARATORS if is_ascii else _SEPARATORS).sub(" ", lowered).strip()


def folded(plain_text: str) -> str:
    """A plain text without marks that people leave out."""
    if plain_text.isascii():
        return plain_text
    bare = _MARKS.sub("", unicodedata.normalize("NFD", plain_text))
    if bare.isascii():  # most names in Latin letters
        return bare
    return unicodedata.normalize("NFC", bare).translate(_LETTERS)


LONGEST_FORM = 200  # characters


def keyword_form(text: str) -> str:
    """What all spellings of a keyword have in common: no capitals, no marks, no punctuation."""
    return folded(plain(text[: 4 * LONGEST_FORM]))[:LONGEST_FORM].strip()


def starts(plain_text: str) -> list[str]:
    """The text from each of its words on, so that a search may begin at any of them.

    In scripts that write no spaces, and in Korean, from each character on.
    """
    if without_spaces(plain_text):
        bare = plain_text[: 4 * WORDS]
        return [bare[place:] for place in range(len(bare)) if bare[place] != " "]
    found, place = [plain_text], plain_text.find(" ") + 1
    while place and len(found) < WORDS:
        found.append(plain_text[place:])
        place = plain_text.find(" ", place) + 1
    return found


def without_spaces(text: str) -> bool:
    """Whether a text is in a script that writes no spaces, or in Korean: has signs of it."""
    return not text.isascii() and _WITHOUT_SPACES.search(text) is not None


def consonants(text: str) -> str:
    """The initial consonants of the Hangul syllables of a text; "" when it has none."""
    if text.isascii() or not _HANGUL.search(text):
        return ""
    return "".join(
        _CONSONANTS[(ord(sign) - _SYLLABLES.start) // 588]
        for sign in text
        if ord(sign) in _SYLLABLES
    )


def typed_consonants(plain_text: str) -> str:
    """What was typed, when it is initial consonants of Hangul only, as ``consonants`` gives them.

    "" for anything else. Unicode's compatibility form of a consonant is its form at the beginning
    of a syllable, and these stand in the same order.
    """
    bare = plain_text.replace(" ", "")
    if not all(ord(sign) in _INITIALS for sign in bare):
        return ""
    return "".join(_CONSONANTS[ord(sign) - _INITIALS.start] for sign in bare)


def stem_in(language: str, stem: str) -> str:
    """The term that stands for a stem in a language; one word, as terms are told apart so."""
    return f"{language}:{stem}"


def stems(text: str, language: str) -> list[str]:
    """The words of a text without their endings; [] in a language whose endings nobody told us."""
    main = language.partition("-")[0]
    if main not in STEMMERS:
        return []
    return [stem for word in text.split() for stem in _word_stems(word, main)]


@lru_cache(maxsize=REMEMBERED)
def _word_stems(word: str, language: str) -> tuple[str, ...]:
    """A word without its ending; some for one that has signs in it."""
    found = _analyzer(STEMMERS[language]).analyze(word)
    forgotten = _FORGOTTEN.get(language)
    return tuple(forgotten.sub("", stem) for stem in found) if forgotten else tuple(found)


@cache
def _analyzer(stemmer: str) -> tantivy.TextAnalyzer:
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.stemmer(stemmer))
        .build()
    )
