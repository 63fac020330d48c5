"""Pictures of concepts as boxes and lines: where each goes. Lengths are in CSS pixels (SVG 2).

Pure: what is drawn is given, and comes back with its place; templates write it down as SVG.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from vocab_server.rdf.languages import Label

WIDTH, HEIGHT = 186, 44  # of a box
ACROSS, DOWN = 44, 10  # between boxes
MARGIN = 14
PADDING, LINE, BASELINE = 8, 16, 4.5  # of the text in a box
CAPTION = 26  # of the room above boxes that share a caption
ROOM = 25  # half-width characters that fit on a line of a box
LEAST, SPREAD = 24, 300  # of the height of a part, and what all parts share by their size
PART, PART_ROOM = 208, 27  # the width of a part, and the half-width characters that fit in

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Node:
    """What one box says: a label, and under it a note; ``kind`` is its class in the style."""

    label: Label
    href: str = ""
    note: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text; ``x`` is where it begins in its own direction, or ends for ``is_end``."""

    text: str
    x: float
    y: float
    kind: str
    is_rtl: bool = False
    is_end: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A node and its place; ``lines`` are as much of its label as fits.

    One that stands apart from others has its note under the label. Others, which may be higher
    than a window, have both in a line at their top.
    """

    node: Node
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    is_apart: bool = False

    @property
    def title(self) -> str:
        """The whole label."""
        return printable(self.node.label.text)

    @property
    def texts(self) -> list[Text]:
        """The lines of the label and the note, each with its place."""
        turned = is_rtl(self.node.label.text)
        start, end = self.x + PADDING, self.x + self.width - PADDING
        if turned:
            start, end = end, start
        note = [self.node.note] if self.node.note else []
        lines = len(self.lines) + (len(note) if self.is_apart else 0)
        middle = self.height / 2 if self.is_apart else LEAST / 2
        first = round(self.y + middle - (lines - 1) * LINE / 2 + BASELINE, 1)
        found = [
            Text(line, start, first + place * LINE, "label", turned)
            for place, line in enumerate(self.lines)
        ]
        if self.is_apart:
            low = first + (lines - 1) * LINE
            return found + [Text(text, self.x + PADDING, low, "note") for text in note]
        return found + [Text(text, end, first, "note", is_end=not turned) for text in note]


@dataclass(frozen=True, slots=True)
class Path:
    """A line between boxes, as SVG writes it; ``kind`` is its class in the style."""

    drawn: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Caption:
    """What boxes have in common."""

    text: str
    x: float
    y: float


@dataclass(slots=True)
class Picture:
    """A drawing and its size."""

    title: str
    width: float = 0
    height: float = 0
    boxes: list[Box] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    captions: list[Caption] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.title = printable(self.title)

    def add(self, box: Box) -> Box:
        """Put a box into the picture, which grows with it."""
        self.boxes.append(box)
        self.width = max(self.width, box.x + box.width + MARGIN)
        self.height = max(self.height, box.y + box.height + MARGIN)
        return box


@dataclass(frozen=True, slots=True)
class Group:
    """Nodes that stand in the same relation to another, under a caption."""

    caption: str
    nodes: Sequence[Node]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A concept and what is around it.

    ``above`` are the levels over it, the nearest first; ``links`` says which node of which level
    is over which, as (level, place) of both; the concept itself is (-1, 0).
    """

    title: str
    concept: Group
    above: Sequence[Group] = ()
    links: Sequence[tuple[tuple[int, int], tuple[int, int]]] = ()
    below: Group | None = None
    beside: Sequence[Group] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a whole, which its own parts fill."""

    node: Node
    size: int
    parts: Sequence["Part"] = ()


def draw_neighbourhood(found: Neighbourhood) -> Picture:
    """What is broader to the left, nearest last; what is narrower to the right; the rest below."""
    picture = Picture(found.title)
    columns = len(found.above)
    x = MARGIN + columns * (WIDTH + ACROSS)
    placed = {(-1, 0): _column(picture, found.concept, x, MARGIN)[0]}
    for level, group in enumerate(found.above):
        column = MARGIN + (columns - 1 - level) * (WIDTH + ACROSS)
        for place, box in enumerate(_column(picture, group, column, MARGIN)):
            placed[level, place] = box
    for upper, lower in found.links:
        picture.paths.append(_link(placed[upper], placed[lower]))
    concept = placed[-1, 0]
    if found.below:
        below = _column(picture, found.below, x + WIDTH + ACROSS, MARGIN)
        picture.paths += [_link(concept, box) for box in below]
    y = concept.y + HEIGHT + DOWN
    for group in found.beside:
        boxes = _column(picture, group, x, y)
        picture.paths += [_beside(concept, box, group.kind) for box in boxes]
        y = boxes[-1].y + HEIGHT + DOWN
    return picture


def _column(picture: Picture, group: Group, x: float, y: float) -> list[Box]:
    picture.captions.append(Caption(group.caption, x, y + CAPTION - 10))
    top = y + CAPTION
    return [
        picture.add(_box(node, x, top + place * (HEIGHT + DOWN)))
        for place, node in enumerate(group.nodes)
    ]


def _box(node: Node, x: float, y: float) -> Box:
    lines = wrap(node.label.text, ROOM, 1 if node.note else 2)
    return Box(node, x, y, WIDTH, HEIGHT, lines, is_apart=True)


def _link(left: Box, right: Box) -> Path:
    """From one box to another, in the next column as a rule; in the same one around its edge."""
    y, to = left.y + left.height / 2, right.y + right.height / 2
    if left.x == right.x:
        bend = left.x - ACROSS / 2
        return Path(f"M{left.x:g} {y:g}C{bend:g} {y:g} {bend:g} {to:g} {right.x:g} {to:g}")
    start = left.x + left.width
    middle = (start + right.x) / 2
    return Path(f"M{start:g} {y:g}C{middle:g} {y:g} {middle:g} {to:g} {right.x:g} {to:g}")


def _beside(concept: Box, box: Box, kind: str) -> Path:
    bend = box.x - MARGIN / 2
    y, to = concept.y + concept.height - 8, box.y + box.height / 2
    return Path(f"M{concept.x:g} {y:g}H{bend:g}V{to:g}H{box.x:g}", kind)


def draw_parts(title: str, whole: Part) -> Picture:
    """A whole and its parts beside it, each as high as its size asks for, and never too low."""
    picture = Picture(title)
    _draw_part(picture, whole, MARGIN, MARGIN, _height(whole, max(1, whole.size)))
    return picture


def _height(part: Part, total: int) -> dict[int, float]:
    """The height of a part and of all in it, by identity."""
    found: dict[int, float] = {}
    for below in part.parts:
        found |= _height(below, total)
    own = LEAST if part.parts else LEAST + SPREAD * part.size / total
    found[id(part)] = max(own, sum(found[id(below)] for below in part.parts))
    return found


def _draw_part(picture: Picture, part: Part, x: float, y: float, heights: dict[int, float]) -> None:
    height = round(heights[id(part)], 1)
    room = PART_ROOM - 2 - len(part.node.note)
    lines = wrap(part.node.label.text, room, 1)
    picture.add(Box(part.node, x, round(y, 1), PART, height, lines))
    for below in part.parts:
        _draw_part(picture, below, x + PART, y, heights)
        y += heights[id(below)]


def printable(text: str) -> str:
    """A text in which what XML cannot hold is replaced (XML 1.0, 2.2)."""
    return _NOT_XML.sub("\ufffd", text)


def is_rtl(text: str) -> bool:
    """Whether the first letter is one of a script written from right to left (UAX 9, P2)."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False


def wrap(text: str, room: int, most: int) -> tuple[str, ...]:
    """A text in at most so many lines of so much room; what is left out is marked with an ellipsis.

    Room is counted in half-width characters: wide ones take two, marks none (UAX 11).
    """
    lines: list[str] = []
    words = printable(text).split()
    while words and len(lines) < most - 1:
        line, words = _line(words, room)
        lines.append(line)
    last = " ".join(words)
    if wideness(last) > room:
        last = cut(last, room - 1).rstrip() + "…"
    return (*lines, last) if last or not lines else tuple(lines)


def _line(words: list[str], room: int) -> tuple[str, list[str]]:
    line = words[0]
    if wideness(line) > room:
        start = cut(line, room)
        return start, [line[len(start) :], *words[1:]]
    taken = 1
    while taken < len(words) and wideness(f"{line} {words[taken]}") <= room:
        line = f"{line} {words[taken]}"
        taken += 1
    return line, words[taken:]


def cut(text: str, room: int) -> str:
    """The beginning of a text that fits; at least one character, with its marks."""
    taken = 0
    for place, character in enumerate(text):
        taken += _wideness(character)
        if taken > room and place:
            return text[:place]
    return text


def wideness(text: str) -> int:
    """The room that a text takes."""
    return sum(map(_wideness, text))


def _wideness(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
