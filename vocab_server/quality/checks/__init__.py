"""All checks, in the order in which reports tell them: CHECKS are those of vocabularies."""

from vocab_server.errors import NotFoundError
from vocab_server.quality.check import Check
from vocab_server.quality.checks import (
    documentation,
    integrity,
    labels,
    mappings,
    notations,
    places,
    structure,
    terms,
)
from vocab_server.quality.dcat.checks import CATALOG_CHECKS
from vocab_server.quality.dcat.tagging import TAGGING_CHECKS

CHECKS: tuple[Check, ...] = (
    *integrity.CHECKS,
    *terms.CHECKS,
    *labels.CHECKS,
    *notations.CHECKS,
    *documentation.CHECKS,
    *structure.CHECKS,
    *places.CHECKS,
    *mappings.CHECKS,
)
ALL_CHECKS: tuple[Check, ...] = (*CHECKS, *CATALOG_CHECKS.values(), *TAGGING_CHECKS)
_BY_ID = {check.id: check for check in ALL_CHECKS}


def get_check(identifier: str) -> Check:
    """The check with this id. Raises NotFoundError."""
    if identifier not in _BY_ID:
        raise NotFoundError(
            "There is no check %(identifier)r. Use one of: %(checks)s.",
            identifier=identifier,
            checks=", ".join(_BY_ID),
        )
    return _BY_ID[identifier]
