"""What Atom feeds are made of (RFC 4287), and how they are paged (RFC 5005)."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement

from flask import Response

from vocab_server.rdf.languages import display_tag
from vocab_server.reading import Page, interface_language

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def say(parent: Element, name: str, text: str, language: str | None = None) -> Element:
    """An element with a text, without the signs that XML cannot hold (XML 1.0, 2.2)."""
    element = SubElement(parent, name)
    element.text = _NOT_XML.sub("", text)
    if language is not None:
        element.set(XML_LANG, display_tag(language) if language else "")
    return element


def link(parent: Element, relation: str, address: str, media_type: str) -> None:
    """A link of a feed or an entry (RFC 4287, 4.2.7)."""
    SubElement(parent, "link", {"rel": relation, "href": address, "type": media_type})


def neighbours(page: Page) -> Iterator[tuple[str, int]]:
    """This page of a feed and those around it (RFC 5005, 3)."""
    yield "self", page.number
    yield "first", 1
    yield "last", page.pages
    if page.number > 1:
        yield "previous", page.number - 1
    if page.number < page.pages:
        yield "next", page.number + 1


def feed_answer(body: bytes, content_type: str) -> Response:
    """A feed, whose sentences are in the language that the client prefers."""
    response = Response(body, content_type=content_type)
    response.headers["Content-Language"] = interface_language()
    response.vary.update(("Accept-Language", "Cookie"))
    return response
