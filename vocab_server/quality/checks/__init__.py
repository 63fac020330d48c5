"""All checks of vocabularies, in the order in which reports tell them."""

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
_BY_ID = {check.id: check for check in CHECKS}


def get_check(identifier: str) -> Check:
    """The check with this id. Raises NotFoundError."""
    if identifier not in _BY_ID:
        raise NotFoundError(
            "There is no check %(identifier)r. Use one of: %(checks)s.",
            identifier=identifier,
            checks=", ".join(_BY_ID),
        )
    return _BY_ID[identifier]
