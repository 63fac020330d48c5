"""How a process of ours tells the one that started it why it failed: as JSON, to be translated."""

from collections.abc import Mapping
from typing import Any

from vocab_server import errors
from vocab_server.errors import InvalidError, Phrase, VocabServerError


def failure(
    name: str, told: Phrase, kind: type[VocabServerError], where: Phrase | str = ""
) -> dict[str, Any]:
    """What a process answers that could not do its job with the file ``name``."""
    sentence = Phrase("%(file)s%(where)s: %(problem)s", file=name, where=where, problem=told)
    return {"failed": _sent(sentence), "kind": kind.__name__}


def failure_of(error: VocabServerError) -> dict[str, Any]:
    """What a process answers that ended with an error."""
    return {"failed": _sent(Phrase(error.template, **error.values)), "kind": type(error).__name__}


def failed(message: Mapping[str, Any]) -> VocabServerError:
    """The error that a process told of with ``failure``."""
    kind: type[VocabServerError] = getattr(errors, message["kind"], InvalidError)
    sentence = _received(message["failed"])
    return kind(sentence.template, **sentence.values)


def _sent(value: object) -> object:
    if isinstance(value, Phrase):
        values = {name: _sent(each) for name, each in value.values.items()}
        return {"template": value.template, "values": values}
    if isinstance(value, Exception):
        words = str(value)
        return _sent(Phrase(words))
    return str(value)


def _received(sent: Any) -> Any:
    if isinstance(sent, str):
        return sent
    values = {name: _received(each) for name, each in sent["values"].items()}
    return Phrase(sent["template"], **values)
