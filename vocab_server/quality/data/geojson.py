"""Features of GeoJSON: built as maps expect, and on the globe or not (RFC 7946)."""

from collections.abc import Iterator
from typing import Any

from vocab_server.quality.data.fault import Findings, Place

# How deep positions lie in the coordinates of each type (RFC 7946, 3.1).
_DEPTHS = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
_RINGS = {"Polygon": 1, "MultiPolygon": 2}  # how deep their rings lie
_CLOSED = 4  # positions of the shortest ring


def look_at_feature(feature: dict[str, Any], findings: Findings, line: int) -> None:
    """Note what is wrong with a feature that begins in a line."""
    if feature.get("type") != "Feature":
        findings.add("GEO-1", Place(line=line, column="type", note="Feature"))
        return
    if not isinstance(feature.get("properties", ""), dict | None):
        findings.add("GEO-1", Place(line=line, column="properties", note="{…}"))
    if "geometry" not in feature:
        findings.add("GEO-1", Place(line=line, column="geometry", note="{…}"))
    elif feature["geometry"] is None:
        findings.add("GEO-5", Place(line=line, column="geometry"))
    else:
        _look_at_geometry(feature["geometry"], findings, line)


def _look_at_geometry(geometry: Any, findings: Findings, line: int) -> None:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind == "GeometryCollection":
        for part in geometry.get("geometries") or ():
            _look_at_geometry(part, findings, line)
        return
    depth = _DEPTHS.get(str(kind))
    if depth is None:
        place = Place(line=line, column="geometry", value=str(kind), note=", ".join(_DEPTHS))
        findings.add("GEO-1", place)
        return
    coordinates = geometry.get("coordinates")
    positions = list(_inside(coordinates, depth))
    if not positions or not all(map(_is_position, positions)):
        findings.add("GEO-1", Place(line=line, column="coordinates", note=f"{kind}: [x, y]"))
        return
    _look_at_positions(positions, findings, line)
    for ring in _inside(coordinates, _RINGS[kind]) if kind in _RINGS else ():
        if len(ring) < _CLOSED or ring[0] != ring[-1]:
            findings.add("GEO-3", Place(line=line, column="coordinates", value=str(ring[-1])))


def _look_at_positions(positions: list[Any], findings: Findings, line: int) -> None:
    """Note the first position of a geometry that is not on the globe."""
    for x, y, *_ in positions:
        if not (-180 <= x <= 180 and -90 <= y <= 90):
            findings.add("GEO-2", Place(line=line, column="coordinates", value=f"[{x}, {y}]"))
            return


def _inside(value: Any, depth: int) -> Iterator[Any]:
    """What lies some arrays deep; what is no array there is given as it is."""
    if depth == 0 or not isinstance(value, list):
        yield value
        return
    for part in value:
        yield from _inside(part, depth - 1)


def _is_position(value: Any) -> bool:
    numbers = isinstance(value, list) and len(value) >= 2
    return numbers and all(
        isinstance(part, int | float) and not isinstance(part, bool) for part in value
    )
