"""Searches with what should be found, in vocabularies of many languages and scripts.

Each row is what somebody would type, and the name that they should see for it. The tests hold the
search to it, and the benchmark counts how many are found.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from rdflib import URIRef

from vocab_server.search.find import Hit, Wanted

SOURCES = {  # where the vocabularies come from, in a directory of real ones
    "agrovoc": "vocab/converted/agrovoc-json.nt.gz",
    "iso": "vocab/converted/iso-codes.nt.gz",
    "stw": "vocab/stw-skos.ttl",
    "unesco": "vocab/unescothes.ttl",
}
MANY_LANGUAGES = ("agrovoc", "iso", "unesco")


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody types, and the name by which the concept they want should be found.

    ``language`` is that of the reader, whose word endings are understood; in a vocabulary of more
    languages than two the reader also chooses names in it. ``within`` is how far down the name
    may stand.
    """

    text: str
    expected: str
    vocabulary: str
    language: str
    within: int = 1

    def wanted(self, graph: URIRef) -> Wanted:
        """The search, in the graph that the vocabulary is in."""
        return Wanted(
            text=self.text,
            graphs=(graph,),
            language=self.language if self.vocabulary in MANY_LANGUAGES else None,
            stem_languages=(self.language, "sv", "en"),
        )

    def rank(self, hits: Sequence[Hit]) -> int | None:
        """The place of the expected name among the hits, counted from 1; None when not there."""
        expected = normalize("NFC", self.expected)
        found = (place for place, hit in enumerate(hits, 1) if _text(hit) == expected)
        return next(found, None)


def _text(hit: Hit) -> str:
    return normalize("NFC", hit.text)


_Row = tuple[str, str] | tuple[str, str, int]
_Place = tuple[str, str]  # vocabulary, language

THEMES_SV, THEMES_EN = ("themes", "sv"), ("themes", "en")
GERMAN, ENGLISH = ("stw", "de"), ("stw", "en")
FRENCH, RUSSIAN = ("unesco", "fr"), ("unesco", "ru")

_ROWS: dict[str, dict[_Place, tuple[_Row, ...]]] = {
    "whole names": {
        THEMES_SV: (
            ("Jordbruk", "Jordbruk"),
            ("vatten", "Vatten"),
            ("El", "El"),
            ("dagis", "Dagis"),
            ("komvux", "Komvux"),
            ("VA", "VA"),
            ("sopor", "Sopor"),
        ),
        THEMES_EN: (("agriculture", "Agriculture"), ("air quality", "Air quality")),
        GERMAN: (("Inflation", "Inflation"), ("Krankenhaus", "Krankenhaus")),
        ENGLISH: (("Railway company", "Railway company"),),
        FRENCH: (("École", "École"), ("Océan", "Océan")),
        RUSSIAN: (("Музеи", "Музеи"), ("Библиотеки", "Библиотеки")),
        ("iso", "fi"): (("Ruotsi", "Ruotsi"), ("Kreikka", "Kreikka")),
        ("iso", "el"): (("Σουηδία", "Σουηδία"), ("Γαλλία", "Γαλλία")),
        ("iso", "he"): (("ישראל", "ישראל"), ("עברית", "עברית")),
        ("iso", "ko"): (("대한민국", "대한민국"),),
        ("iso", "ja"): (("スウェーデン", "スウェーデン"), ("日本", "日本")),
        ("agrovoc", "ar"): (("قمح", "قمح"), ("حليب", "حليب")),
        ("agrovoc", "zh"): (("土壤", "土壤"), ("小麦", "小麦")),
        ("agrovoc", "ru"): (("молоко", "молоко"),),
        ("agrovoc", "ko"): (("비료", "비료"),),
    },
    "beginnings": {
        THEMES_SV: (
            ("jordb", "Jordbruk"),
            ("grundsk", "Grundskolor"),
            ("biblio", "Bibliotek"),
            ("cykelb", "Cykelbanor"),
            ("förs", "Förskolor", 3),
        ),
        THEMES_EN: (("unemp", "Unemployment"), ("recyc", "Recycling rate", 3)),
        GERMAN: (("Arbeitslosi", "Arbeitslosigkeit"), ("Ölpr", "Ölpreis")),
        FRENCH: (
            ("bibliothe", "Bibliothèque", 3),
            ("bibliothéc", "Bibliothécaire"),
        ),
        RUSSIAN: (("униве", "Университеты"),),
        ("iso", "fi"): (("suom", "Suomi", 3), ("Venä", "venäjä")),
        ("iso", "el"): (("Γερμ", "Γερμανία", 3),),
        ("iso", "he"): (("צרפ", "צרפת"),),
        ("iso", "ja"): (("スウェ", "スウェーデン"),),
        ("iso", "ko"): (("스웨", "스웨덴"),),
        ("agrovoc", "zh"): (
            ("土", "土坝", 3),
            ("土壤污染", "土壤污染"),
            ("土壤污", "土壤污染物", 3),
        ),
    },
    "words inside": {
        THEMES_SV: (
            ("avlopp", "Enskilda avlopp", 3),
            ("parker", "Parker"),
            ("väg", "Vägar och gator", 3),
            ("belyst", "Belyst väg"),
            ("ramavtal", "Ramavtal"),
        ),
        THEMES_EN: (("tracks", "Trails and tracks"), ("quality", "Air quality", 3)),
        RUSSIAN: (("культура", "Культура"),),
        ("iso", "el"): (("Παλαιστίνης", "Παλαιστίνη"),),
        ("iso", "fi"): (("valaliitto", "Sveitsin valaliitto"),),
        ("iso", "he"): (("הפדרציה", "הפדרציה הרוסית"),),
        ("agrovoc", "ar"): (("المياه العادمة", "معالجة المياه العادمة", 3),),
        ("agrovoc", "ru"): (("прерий", "почвы прерий", 3),),
    },
    "compounds": {
        THEMES_SV: (
            ("buss", "Skolbuss", 5),
            ("reservat", "Naturreservat"),
            ("konsumtion", "Elkonsumtion"),
            ("kalender", "Evenemangskalender"),
            ("bruksmark", "Jordbruksmark"),
            ("lov", "Bygglov", 3),
            ("observationer", "Väderobservationer", 3),
            ("skyddsområden", "Vattenskyddsområden"),
        ),
        GERMAN: (
            ("enverkehrsunfall", "Straßenverkehrsunfall"),
            ("benutzungsgebühr", "Straßenbenutzungsgebühr", 3),
        ),
        ("agrovoc", "fi"): (
            ("kalastus", "kestävä kalastus", 3),
            ("hajoavat", "biohajoavat muovit"),
        ),
        ("agrovoc", "ja"): (("ター製造", "バター製造"),),
        ("agrovoc", "zh"): (("壤污染物", "土壤污染物"),),
        ("agrovoc", "ko"): (("척추동물", "무척추동물", 3),),
    },
    "without marks": {
        THEMES_SV: (
            ("akermark", "Åkermark och betesmark"),
            ("forskolor", "Förskolor"),
            ("jarnvagar", "Järnvägar"),
            ("aldreomsorg", "Äldreomsorg"),
            ("halsa", "Hälsa"),
        ),
        GERMAN: (
            ("Olpreis", "Ölpreis"),
            ("Grosshandel", "Großhandel"),
            ("backerei", "Bäckerei"),
            ("Strassenbau", "Straßenbau"),
        ),
        FRENCH: (("ecole", "École"), ("ocean", "Océan"), ("reseau social", "Réseau social")),
        ("iso", "el"): (("Σουηδια", "Σουηδία"), ("ισραηλ", "Ισραήλ")),
        ("iso", "ar"): (("السويد", "السّويد"), ("الصين", "الصّين"), ("المانيا", "ألمانيا")),
        ("iso", "fi"): (("venaja", "venäjä"),),
        ("agrovoc", "ar"): (
            ("تماسك الترب", "تَمَاسُك التُّربَة"),
            ("هرم", "هَرَم"),
            ("حمص", "حمّص", 3),
        ),
        ("iso", "he"): (("המרכז אפריקאית", "הרפובליקה המרכז־אפריקאית", 3),),
    },
    "letters that differ come after": {
        ("agrovoc", "sv"): (("hal", "halm"), ("halm", "halm")),
        THEMES_SV: (
            ("al", "Algblomning", 3),
            ("val", "Val"),
        ),
    },
    "inflections": {
        THEMES_SV: (
            ("förskola", "Förskolor"),
            ("förskolan", "Förskolor"),
            ("biblioteken", "Bibliotek"),
            ("simhall", "Simhallar"),
            ("badplats", "Badplatser"),
            ("vindkraften", "Vindkraft"),
            ("lekplatsen", "Lekplatser"),
        ),
        THEMES_EN: (
            ("vacancy", "Vacancies"),
            ("schooling", "School meals", 3),
            ("recycled", "Recycling rate", 3),
            ("budget", "Budgets", 3),
        ),
        GERMAN: (("Inflationsraten", "Inflationsrate"), ("Krankenhauses", "Krankenhaus")),
        FRENCH: (("océans", "Océan"), ("bibliothèques", "Bibliothèque")),
        RUSSIAN: (("библиотеку", "Библиотеки"), ("университетам", "Университеты")),
        ("agrovoc", "fi"): (("prosessien", "prosessit"),),
        ("agrovoc", "ru"): (("молоком", "молоко", 3),),
    },
    "a letter wrong": {
        THEMES_SV: (
            ("jordbryk", "Jordbruk", 3),
            ("bibliotel", "Bibliotek", 3),
            ("sjukhys", "Vårdmottagningar och sjukhus", 3),
        ),
        THEMES_EN: (("enviranment", "Environment", 3),),
        GERMAN: (("Inflatiom", "Inflation", 3),),
        ("iso", "el"): (("Γερμαμία", "Γερμανία"),),
        ("iso", "he"): (("ישרבל", "ישראל"),),
        ("agrovoc", "ru"): (("малоко", "молоко"),),
        ("agrovoc", "ar"): (("حليت", "حليب", 3),),
    },
    "a letter missing": {
        THEMES_SV: (("biblotek", "Bibliotek", 3), ("upphanling", "Upphandling", 3)),
        THEMES_EN: (("agricuture", "Agriculture", 3), ("libaries", "Libraries", 3)),
        GERMAN: (("Krankenhas", "Krankenhaus", 3),),
        FRENCH: (("univrsité", "Université", 3),),
        RUSSIAN: (("библиоеки", "Библиотеки", 3),),
        ("iso", "fi"): (("Kreika", "Kreikka"),),
    },
    "a letter too many": {
        THEMES_SV: (("jordbrukk", "Jordbruk", 3), ("fjärrvvärme", "Fjärrvärme och fjärrkyla", 3)),
        THEMES_EN: (("tourrism", "Tourism"),),
        GERMAN: (("Inflattion", "Inflation", 3),),
        ("iso", "sv"): (("Svverige", "Sverige"),),
        ("iso", "el"): (("Ελλλάδα", "Ελλάδα"),),
    },
    "letters swapped": {
        THEMES_SV: (
            ("jrodbruk", "Jordbruk", 3),
            ("biblitoek", "Bibliotek"),
            ("vatetn", "Vatten", 3),
        ),
        THEMES_EN: (("wtaer", "Water", 3),),
        GERMAN: (("Infaltion", "Inflation", 3),),
        RUSSIAN: (("мзуеи", "Музеи"),),
        ("iso", "fi"): (("Routsi", "Ruotsi", 3),),
    },
    "notations": {
        THEMES_SV: (("AGRI", "AGRI"), ("agri-01-02", "AGRI-01-02"), ("AGRI 01 02", "AGRI-01-02")),
        GERMAN: (("V.03.01", "V.03.01"),),
        ("iso", ""): (("SE", "SE", 3), ("swe", "swe", 3), ("FI-03", "FI-03"), ("sek", "SEK", 3)),
    },
    "normal forms": {
        THEMES_SV: (("A\u030akermark", "Åkermark och betesmark"), ("fo\u0308rskolor", "Förskolor")),
        FRENCH: (("E\u0301cole", "École"),),
        ("iso", "ko"): (("\u1109\u1173\u110b\u1170\u1103\u1166\u11ab", "스웨덴"),),
        ("iso", "ja"): (("ﾄﾞｲﾂ", "ドイツ"), ("ト\u3099イツ", "ドイツ")),
        THEMES_EN: (("\uff37\uff41\uff54\uff45\uff52", "Water"),),
    },
    "by syllable and by initial consonant": {
        ("iso", "ko"): (
            ("대한", "대한민국"),
            ("ㅅㅇㄷ", "스웨덴", 3),
            ("ㄷㅎㅁㄱ", "대한민국"),
            ("왕국", "부탄 왕국", 3),
        ),
        ("agrovoc", "ko"): (
            ("ㅅㄴㅁ", "소나무", 3),
            ("소나", "소나무"),
            ("주소나무", "구주소나무"),
        ),
    },
    "words in another order": {
        THEMES_SV: (
            ("cykelvägar gång", "Gång- och cykelvägar"),
            ("bussar beläggning", "Beläggning på bussar"),
            ("skog jakt", "Skogsbruk, jakt och fiske", 3),
        ),
        THEMES_EN: (("quality water drinking", "Drinking water quality"),),
        FRENCH: (("parents relation", "Relation parents-école"),),
        RUSSIAN: (("библиотек развитие", "Развитие библиотек"),),
        ("iso", "fi"): (("tasavalta Ranskan", "Ranskan tasavalta"),),
        ("agrovoc", "ar"): (("المياه تلوث", "تلوث المياه"),),
    },
    "upper case": {
        THEMES_SV: (("ÅKERMARK", "Åkermark och betesmark"), ("SOPOR", "Sopor")),
        GERMAN: (("STRASSENBAU", "Straßenbau"), ("ÖLPREIS", "Ölpreis")),
        RUSSIAN: (("МУЗЕИ", "Музеи"),),
        ("iso", "el"): (("ΕΛΛΑΔΑ", "Ελλάδα"), ("ΚΙΝΑ", "Κίνα")),
        FRENCH: (("OCÉAN", "Océan"),),
    },
    "signs between words": {
        THEMES_SV: (
            ("e tjänster", "E-tjänster"),
            ("VA nät", "VA-nät"),
            ("eu projekt", "EU-projekt"),
            ("jordbruk fiske", "Jordbruk, fiske, skogsbruk och livsmedel", 3),
        ),
        FRENCH: (("relation parents école", "Relation parents-école"),),
        ("iso", "ja"): (("スウェーデン クローナ", "スウェーデン・クローナ"),),
    },
}


def _made() -> Iterator[tuple[str, Search]]:
    for group, places in _ROWS.items():
        for (vocabulary, language), rows in places.items():
            for text, expected, *within in rows:
                yield group, Search(text, expected, vocabulary, language, *within)


SEARCHES: tuple[tuple[str, Search], ...] = tuple(_made())
