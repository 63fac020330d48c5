"""What was refused and why, on pages, in the reader's language."""

import re
from collections.abc import Mapping
from enum import Enum
from typing import Any

from flask_babel import get_translations
from markupsafe import Markup, escape

from vocab_server.accounts.roles import Role
from vocab_server.editing.proposing import State as ProposalState
from vocab_server.editing.workflow import State as DraftState
from vocab_server.errors import (
    AccountRuleError,
    Phrase,
    ProposalRuleError,
    RuleBrokenError,
    VocabServerError,
)
from vocab_server.reading import interface_language
from vocab_server.web import account_texts, draft_texts, proposal_texts

_PLACE = re.compile(r"%\(\w+\)[rs]")
_ENGLISH = Markup('<span lang="en">%s</span>')
_WORDS: Mapping[type[Enum], Mapping[Any, object]] = {
    DraftState: draft_texts.STATES,
    ProposalState: proposal_texts.STATES,
    Role: account_texts.ROLES,
}


def in_words(error: VocabServerError | Phrase) -> Markup:
    """The sentence of an error in the reader's language, with what was named in it as it is.

    What has no translation stays English, and says so (HTML, the lang attribute).
    """
    if isinstance(error, AccountRuleError):
        return escape(account_texts.told(error))
    if isinstance(error, ProposalRuleError):
        return escape(proposal_texts.told(error))
    if isinstance(error, RuleBrokenError):
        parts = (_translated(error.problem), _translated(error.remedy), error.rule)
        return Markup("%s %s (%s)") % parts
    return _translated(error)


def _translated(words: VocabServerError | Phrase) -> Markup:
    found = get_translations().ugettext(words.template)
    values = {name: _value(value) for name, value in words.values.items()}
    sentence = escape(found) % values if values else escape(found)
    has_words = _PLACE.sub("", words.template).strip(": .,")
    return _english(sentence) if has_words and found == words.template else sentence


def _value(value: object) -> object:
    if isinstance(value, VocabServerError | Phrase):
        return in_words(value)
    if isinstance(value, Exception):  # a library's, in English
        return _english(str(value))
    if isinstance(value, Enum) and type(value) in _WORDS:
        word = str(_WORDS[type(value)][value])
        return word[:1].lower() + word[1:]
    return value


def _english(text: str) -> Markup:
    return escape(text) if interface_language() == "en" else _ENGLISH % text
