"""The interface is complete in Swedish: nothing is missing, left over, or without its values."""

import ast
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po
from flask import Flask, render_template_string

import vocab_server
from tests.conftest import ROOT
from vocab_server import errors

PACKAGE = Path(vocab_server.__file__).parent
CATALOG = PACKAGE / "translations" / "sv" / "LC_MESSAGES" / "messages.po"
MEANT_AS_IT_STANDS = {
    "SPARQL",
    "Version",
    "Definition",
    "Relation",
    "Administration",
    "Data",
    "Text",
    "Notation",
    "Under %(concept)s",
    "%(file)s%(where)s: %(problem)s",
    "%(problem)s%(dot)s",
    "%(error)s",
}  # the same word in both languages

Text = str | tuple[str, ...]

# Rooms whose errors only programs and operators meet, or that pages show in English.
IN_ENGLISH = {
    "api",
    "bench",
    "cli",
    "config.py",
    "operation",
    "smtp.py",
    "store/crew.py",
    "store/query_process.py",
    "store/query_text.py",
    "store/sandbox.py",
    "store/serialization.py",
}
MODULES = [
    path
    for path in sorted(PACKAGE.rglob("*.py"))
    if not {path.relative_to(PACKAGE).parts[0], path.relative_to(PACKAGE).as_posix()} & IN_ENGLISH
]
# Which of the arguments of an error are sentences.
SENTENCES = {
    name: (0, 1)
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, Exception | str)
} | {
    "ChoiceError": (0, 1),
    "DoctypeRefusedError": (0, 1),
    "RefusedError": (0, 1),
    "TooManyRedirectsError": (0, 1),
    "RuleBrokenError": (1, 3),
    "AccountRuleError": (2, 2),  # web.account_texts and web.proposal_texts tell these two
    "ProposalRuleError": (3, 3),
    "TooManyAttemptsError": (1, 1),
    "TooManyRequestsError": (1, 1),
}


def used() -> Iterator[tuple[str, Text]]:
    """Every text that a template or a module asks a translation of, with the place."""
    for template in sorted((ROOT / "templates").rglob("*.html")):
        yield from _extracted(template, "jinja2.ext:babel_extract", DEFAULT_KEYWORDS)
    for module in sorted(PACKAGE.rglob("*.py")):
        if keywords := _gettext_names(ast.parse(module.read_text())):
            yield from _extracted(module, "python", keywords)

    for module in MODULES:
        yield from _refusals(module)


def _refusals(module: Path) -> Iterator[tuple[str, str]]:
    """Every sentence that a module raises an error with, and every phrase, with the place."""
    for call in _calls_of_errors(module):
        for text in _sentences(call):
            for constant in _constants(text):
                yield f"{module.relative_to(ROOT)}:{constant.lineno}", constant.value


@cache
def _calls_of_errors(module: Path) -> list[ast.Call]:
    nodes = ast.walk(ast.parse(module.read_text()))
    return [node for node in nodes if isinstance(node, ast.Call) and _name(node) in SENTENCES]


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _sentences(call: ast.Call) -> list[ast.expr]:
    first, past = SENTENCES[_name(call)]
    return call.args[first:past]


def _constants(text: ast.expr) -> list[ast.Constant]:
    """The text itself, or both of a choice; what a name stands for is found where it is."""
    if isinstance(text, ast.IfExp):
        return [*_constants(text.body), *_constants(text.orelse)]
    return [text] if isinstance(text, ast.Constant) and isinstance(text.value, str) else []


def _extracted(path: Path, method: str, keywords: dict[str, object]) -> Iterator[tuple[str, Text]]:
    with path.open("rb") as file:
        for line, text, _comments, _context in extract(method, file, keywords):
            yield f"{path.relative_to(ROOT)}:{line}", text


def _gettext_names(module: ast.Module) -> dict[str, object]:
    """What a module calls the functions that translate."""
    return {
        alias.asname or alias.name: DEFAULT_KEYWORDS[alias.name.removeprefix("lazy_")]
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and node.module == "flask_babel"
        for alias in node.names
        if alias.name.removeprefix("lazy_") in DEFAULT_KEYWORDS
    }


def test_an_error_is_a_sentence_that_can_be_translated() -> None:
    put_together = ast.JoinedStr | ast.BinOp
    made = [
        f"{module.relative_to(ROOT)}:{text.lineno}: {ast.unparse(text)}"
        for module in MODULES
        for call in _calls_of_errors(module)
        for text in _sentences(call)
        if isinstance(text, put_together)
        or (isinstance(text, ast.Call) and _name(text) != "Phrase")
    ]
    assert made == []


def test_an_error_has_the_values_of_its_sentence() -> None:
    for module in MODULES:
        for call in _calls_of_errors(module):
            texts = " ".join(text.value for each in _sentences(call) for text in _constants(each))
            given = {keyword.arg for keyword in call.keywords}
            is_template = _name(call) == "Phrase" and not given  # its error has the values
            places = set(re.findall(r"%\((\w+)\)", texts))
            assert is_template or places <= given, (module, texts)


def catalog() -> dict[Text, Message]:
    with CATALOG.open("rb") as file:
        read = read_po(file, locale="sv")
    assert not read.obsolete
    return {_key(message.id): message for message in read if message.id}


def _key(text: object) -> Text:
    return tuple(text) if isinstance(text, list | tuple) else str(text)


def test_every_text_of_the_interface_is_in_the_catalog() -> None:
    known = catalog()
    missing = [f"{place}: {text}" for place, text in used() if _key(text) not in known]
    assert missing == []


def test_the_catalog_holds_no_text_that_nothing_uses() -> None:
    assert sorted(map(str, set(catalog()) - {_key(text) for _, text in used()})) == []


def test_every_text_is_translated() -> None:
    for text, message in catalog().items():
        translations = message.string if isinstance(text, tuple) else (message.string,)
        assert len(translations) == (2 if isinstance(text, tuple) else 1)
        assert all(translations), text
        assert not message.fuzzy, text
        same = isinstance(text, str) and message.string == text
        assert not same or text in MEANT_AS_IT_STANDS, text


def test_a_translation_has_the_values_of_its_text() -> None:
    for message in catalog().values():
        errors = list(message.check())
        assert errors == [], (message.id, errors)
        if isinstance(message.id, str):
            assert ("{n}" in message.id) == ("{n}" in message.string)


@pytest.mark.parametrize(
    ("language", "number", "text"),
    [
        ("sv", 1, "1 språk"),
        ("sv", 2, "2 språk"),
        ("en", 1, "1 language"),
        ("en", 2, "2 languages"),
        ("en", 0, "0 languages"),
    ],
)
def test_plural_forms_follow_the_language(
    shipped_app: Flask, language: str, number: int, text: str
) -> None:
    template = '{{ ngettext("%(num)s language", "%(num)s languages", number) }}'
    assert _rendered(shipped_app, language, template, number=number) == text


@pytest.mark.parametrize(
    ("language", "template", "text"),
    [
        ("sv", "{{ 37794 | numberformat }}", "37\u00a0794"),
        ("en", "{{ 37794 | numberformat }}", "37,794"),
        ("sv", "{{ 0.5 | percentformat }}", "50\u00a0%"),
        ("en", "{{ 0.5 | percentformat }}", "50%"),
        ("sv", "{{ day | dateformat }}", "23 nov. 2026"),
        ("sv", "{{ day | dateformat('long') }}", "23 november 2026"),
        ("en", "{{ day | dateformat }}", "Nov 23, 2026"),
    ],
)
def test_numbers_and_dates_follow_the_language(
    shipped_app: Flask, language: str, template: str, text: str
) -> None:
    assert _rendered(shipped_app, language, template, day=date(2026, 11, 23)) == text


def _rendered(app: Flask, language: str, template: str, **values: object) -> str:
    with app.test_request_context(headers={"Accept-Language": language}):
        return render_template_string(template, **values)
