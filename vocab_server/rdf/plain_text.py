"""Descriptions of others as people read them: without the HTML that they were copied with.

Only elements that texts are marked up with and character references are taken for HTML, so that a
text with "a < b" stays as it is (HTML Standard, 4.4 and 4.5; 13.1.4).
"""

import html
import re

from vocab_server.rdf.languages import Label

_BLOCKS = (
    "address|article|blockquote|br|dd|div|dl|dt|h[1-6]|hr|li|ol|p|pre|section|table|td|th|tr|ul"
)
_INLINE = "a|abbr|b|cite|code|em|font|i|img|small|span|strong|sub|sup|tbody|thead|u"
_BLOCK = re.compile(rf"</?(?:{_BLOCKS})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_TAG = re.compile(rf"</?(?:{_INLINE})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_CUT = re.compile(
    r"</?(?:[a-z][^<>]*)?\Z", re.IGNORECASE
)  # where a long text was cut off in the middle of a tag
_REFERENCE = re.compile(r"&(?:#\d+|#x[0-9a-f]+|[a-z]+\d*);", re.IGNORECASE)


def paragraphs_of(label: Label) -> list[Label]:
    """The paragraphs of a text that has HTML in it; of any other text itself, as it is."""
    text = label.text
    if not (_BLOCK.search(text) or _TAG.search(text) or _REFERENCE.search(text)):
        return [label]
    parts = _BLOCK.split(_CUT.sub("", text))
    spoken = (" ".join(html.unescape(_TAG.sub("", part)).split()) for part in parts)
    return [Label(part, label.language) for part in spoken if part]


def without_markup(label: Label) -> Label:
    """A text in one line without HTML; as it is when it has none."""
    found = paragraphs_of(label)
    return label if found == [label] else Label(" ".join(p.text for p in found), label.language)
