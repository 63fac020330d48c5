"""Tables of the documentation that are kept as files beside it: figures, and the list of ASVS."""

import csv
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from vocab_server.web.manual import folder
from vocab_server.web.tables import Cell, Table, code

FIGURES = "benchmark.json"
ASVS = "security/asvs.csv"


def benchmark(_language: str) -> Table:
    """What ``vocab-server bench --figures`` measured; without rows where nobody has yet."""
    return figures(_figures()["results"])


def figures(results: list[dict[str, Any]]) -> Table:
    """Results of the benchmark as a table, a row each."""
    rows = tuple(
        (
            Cell(str(found["name"])),
            Cell(str(found.get("vocabulary") or "")),
            *(Cell(_figure(found.get(name))) for name in ("measured", "reference", "ratio")),
            *(Cell(str(found.get(name) or "")) for name in ("unit", "target", "verdict")),
        )
        for found in results
    )
    headings = (
        _("Value"),
        _("Vocabulary"),
        _("Measured"),
        _("Reference"),
        _("Ratio"),
        _("Unit"),
        _("Target"),
        _("Verdict"),
    )
    return Table(_("Figures"), headings, rows)


def machine(_language: str) -> Table:
    """The machine that the figures were taken on."""
    rows = tuple((Cell(name), Cell(str(value))) for name, value in _figures()["machine"].items())
    return Table(_("Machine"), (_("What"), _("Value")), rows)


def asvs(_language: str) -> Table:
    """Each item of levels 1 and 2, how it is met and which test shows it."""
    rows = tuple(
        (
            code(row["item"]),
            Cell(row["level"]),
            Cell(row["requirement"]),
            Cell(row["answer"]),
            Cell(row["how"]),
            code(row["test"]),
        )
        for row in read_asvs()
    )
    headings = (_("Item"), _("Level"), _("Requirement"), _("Answer"), _("How"), _("Test"))
    return Table("OWASP ASVS 5.0", headings, rows)


@lru_cache(maxsize=1)
def read_asvs() -> tuple[dict[str, str], ...]:
    """The rows of the list of ASVS, in its order."""
    with (folder() / ASVS).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def _figures() -> dict[str, Any]:
    path = Path(folder() / FIGURES)
    if not path.is_file():
        return {"machine": {}, "results": []}
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def _figure(value: float | None) -> str:
    """Three digits that say something."""
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
