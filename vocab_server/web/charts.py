"""Charts of shares over time: where each line goes. Lengths are in CSS pixels (SVG 2).

Pure: what is drawn is given, and templates write it down as SVG, with a table that says the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 48, 16, 12, 32  # around the lines
STEPS = 4  # between 0 and all
DATES = 5  # under the chart at most


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart, as SVG writes it; ``kind`` is its class in the style."""

    kind: str
    drawn: str
    dots: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A value on an edge of a chart, and where it stands."""

    value: float | date
    place: float


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing and its size; ``shares`` are beside it and ``days`` under it."""

    lines: tuple[Line, ...]
    shares: tuple[Mark, ...]
    days: tuple[Mark, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM


def draw_shares(
    days: Sequence[date], series: Sequence[tuple[str, Sequence[float]]], until: date
) -> Chart:
    """Lines of shares from 0 to 1; each value holds from its day until the next, the last one on.

    ``series`` are pairs of a kind and as many values as there are ``days``, which are in order.
    """
    first, last = days[0], max(until, days[-1])
    span = max(1, (last - first).days)
    across = [_x((day - first).days / span) for day in days]
    return Chart(
        lines=tuple(_line(kind, across, values) for kind, values in series),
        shares=tuple(Mark(step / STEPS, _y(step / STEPS)) for step in range(STEPS + 1)),
        days=tuple(_dates(days, across)),
    )


def _line(kind: str, across: Sequence[float], values: Sequence[float]) -> Line:
    dots = tuple((x, _y(value)) for x, value in zip(across, values, strict=True))
    steps = " ".join(f"H{x} V{y}" for x, y in dots[1:])
    return Line(kind, f"M{dots[0][0]} {dots[0][1]} {steps} H{_x(1)}", dots)


def _dates(days: Sequence[date], across: Sequence[float]) -> list[Mark]:
    """Some of the days, far enough from each other to be read."""
    room, found = (WIDTH - LEFT - RIGHT) / DATES, list[Mark]()
    for day, x in zip(days, across, strict=True):
        if not found or x - found[-1].place >= room:
            found.append(Mark(day, x))
    return found


def _x(share: float) -> float:
    return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)


def _y(share: float) -> float:
    return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)
