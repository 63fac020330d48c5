"""What came of a spreadsheet, as JSON writes it: for programs and for ``--json``."""

from collections.abc import Iterable
from typing import Any

from vocab_server.editing.sheet_drafting import Preview
from vocab_server.editing.sheet_merge import Conflict
from vocab_server.editing.sheet_rows import Remark
from vocab_server.rdf.table import header


def preview_as_json(found: Preview, listed: int | None = None) -> dict[str, Any]:
    """What the file does, and what is in the way; at most ``listed`` of each kind."""
    return {
        "file": found.edits.file,
        "state": found.edits.state,
        "rows": found.edits.rows,
        "changed": found.plan.rows,
        "created": len(found.plan.new),
        "missing": len(found.edits.missing),
        "added": len(found.solution.change.added),
        "removed": len(found.solution.change.removed),
        "problemCount": len(found.problems),
        "problems": remarks_as_json(found.problems[:listed]),
        "remarks": remarks_as_json(found.edits.remarks[:listed]),
        "conflictCount": len(found.plan.conflicts),
        "conflicts": [conflict_as_json(each) for each in found.plan.conflicts[:listed]],
    }


def remarks_as_json(found: Iterable[Remark]) -> list[dict[str, str]]:
    """Remarks with the addresses of their cells."""
    return [{"cell": each.address, "message": each.text} for each in found]


def conflict_as_json(conflict: Conflict) -> dict[str, Any]:
    """A conflict with all three sides, and what may be chosen."""
    return {
        "cell": conflict.address,
        "concept": conflict.iri,
        "column": header(conflict.column),
        "reason": conflict.reason.value,
        "exported": list(conflict.base),
        "file": list(conflict.mine),
        "published": list(conflict.theirs),
        "choices": [choice.value for choice in conflict.choices],
    }
