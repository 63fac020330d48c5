"""What an import of a spreadsheet says, line by line, with the addresses of cells."""

from collections.abc import Iterable, Iterator
from typing import Any

from vocab_server.editing.sheet_drafting import Preview
from vocab_server.editing.sheet_import import Merged
from vocab_server.editing.sheet_json import preview_as_json
from vocab_server.editing.sheet_merge import Conflict, Plan, count_by_column
from vocab_server.editing.sheet_rows import Remark
from vocab_server.rdf.table import SEPARATOR, header

SHOWN = 40  # remarks, problems or conflicts that are printed; --json has all


def told_merge(found: Merged, is_dry: bool, is_chosen: bool) -> str:
    """What a spreadsheet changes, what is in the way, and what was left alone."""
    plan, edits = found.plan, found.edits
    base = f"what was exported ({edits.state})" if edits.state else "what is published now"
    lines = [f"Read {edits.rows} rows; compared with {base}."]
    lines += _several(_remark(each) for each in edits.remarks)
    lines += _several(f"Problem: {_remark(each)}" for each in found.problems)
    lines += _several(f"Conflict: {_conflict(each)}" for each in plan.conflicts)
    lines.append(
        f"{_counted(plan)} {len(edits.missing)} concepts have no row and stay as they are."
    )
    lines.append(_end(found, is_dry, is_chosen))
    return "\n".join(lines)


def merge_as_json(found: Merged) -> dict[str, Any]:
    """The same for programs."""
    preview = Preview(found.edits, found.plan, found.solution)
    return {**preview_as_json(preview), "number": found.number}


def told_remarks(found: Iterable[Remark], before: str = "") -> list[str]:
    """Remarks, a line each, the first SHOWN of them."""
    return _several(f"{before}{_remark(each)}" for each in found)


def _several(lines: Iterator[str]) -> list[str]:
    found = list(lines)
    more = [f"... and {len(found) - SHOWN} more; --json lists all."] if found[SHOWN:] else []
    return [*found[:SHOWN], *more]


def _remark(remark: Remark) -> str:
    return f"{remark.address}: {remark.text}" if remark.address else remark.text


def _conflict(conflict: Conflict) -> str:
    sides = (
        ("exported", conflict.base),
        ("in the file", conflict.mine),
        ("published now", conflict.theirs),
    )
    told = ", ".join(f"{name} {SEPARATOR.join(values) or 'nothing'!r}" for name, values in sides)
    return f"{conflict.address}: {header(conflict.column)} of {conflict.iri}: {told}."


def _counted(plan: Plan) -> str:
    columns = ", ".join(f"{name} {count}" for name, count in sorted(count_by_column(plan).items()))
    made = f"{len(plan.new)} new rows; {plan.rows} changed"
    return f"{made} ({columns})." if columns else f"{made}."


def _end(found: Merged, is_dry: bool, is_chosen: bool) -> str:
    if found.problems:
        return "Nothing was changed. Correct these cells and import again."
    if found.plan.conflicts and not is_chosen:
        return (
            "Nothing was changed. Run again with --conflicts file or --conflicts published to"
            " choose, or correct the file."
        )
    verb = "Would add" if is_dry else "Added"
    change = found.solution.change
    return f"{verb} {len(change.added)} and removed {len(change.removed)} statements."
