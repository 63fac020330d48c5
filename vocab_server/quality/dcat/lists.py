"""Which values the code lists of DCAT-AP have, for checks (DCAT-AP 3.0.1, controlled vocabularies).

Short lists whole; of long ones, that grow, what their addresses begin with. So no value is called
wrong for being newer than we are.
"""

from dataclasses import dataclass

from vocab_server.catalog.profiles import (
    ACCESS_RIGHTS,
    AUTHORITY,
    DATA_THEMES,
    HIGH_VALUE,
    MEDIA_TYPES,
    PUBLISHER_TYPES,
)
from vocab_server.quality.check import Severity

_LICENCES = "creativecommons.org/", "opendatacommons.org/", "spdx.org/licenses/"


@dataclass(frozen=True, slots=True)
class CodeList:
    """A code list: its values, or what they begin with, and how grave another value is."""

    severity: Severity
    values: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()


def _of(scheme: str, codes: str) -> tuple[str, ...]:
    return tuple(f"{scheme}/{code}" for code in codes.split())


LISTS: dict[str, CodeList] = {
    DATA_THEMES: CodeList(
        Severity.WARNING,
        values=_of(
            DATA_THEMES,
            "AGRI ECON EDUC ENER ENVI GOVE HEAL INTR JUST REGI SOCI TECH TRAN OP_DATPRO",
        ),
    ),
    ACCESS_RIGHTS: CodeList(
        Severity.WARNING,
        values=_of(
            ACCESS_RIGHTS, "PUBLIC RESTRICTED NON_PUBLIC CONFIDENTIAL SENSITIVE NORMAL OP_DATPRO"
        ),
    ),
    HIGH_VALUE: CodeList(Severity.VIOLATION, starts=("http://data.europa.eu/bna/c_",)),
    MEDIA_TYPES: CodeList(
        Severity.VIOLATION,
        starts=(
            "http://www.iana.org/assignments/media-types/",
            "https://www.iana.org/assignments/media-types/",
        ),
    ),
    PUBLISHER_TYPES: CodeList(
        Severity.WARNING,
        values=_of(
            PUBLISHER_TYPES,
            "Academia-ScientificOrganisation Company IndustryConsortium LocalAuthority"
            " NationalAuthority NonGovernmentalOrganisation NonProfitOrganisation"
            " PrivateIndividual(s) RegionalAuthority StandardisationBody SupraNationalAuthority",
        ),
    ),
    f"{AUTHORITY}file-type": CodeList(Severity.VIOLATION, starts=(f"{AUTHORITY}file-type/",)),
    f"{AUTHORITY}frequency": CodeList(Severity.VIOLATION, starts=(f"{AUTHORITY}frequency/",)),
    f"{AUTHORITY}language": CodeList(Severity.VIOLATION, starts=(f"{AUTHORITY}language/",)),
    f"{AUTHORITY}licence": CodeList(
        Severity.WARNING,
        starts=(
            f"{AUTHORITY}licence/",
            *(f"{scheme}://{host}" for scheme in ("http", "https") for host in _LICENCES),
        ),
    ),
    f"{AUTHORITY}planned-availability": CodeList(
        Severity.VIOLATION,
        values=_of(
            f"{AUTHORITY}planned-availability",
            "AVAILABLE EXPERIMENTAL STABLE TEMPORARY OP_DATPRO",
        ),
    ),
    f"{AUTHORITY}distribution-status": CodeList(
        Severity.VIOLATION,
        values=_of(
            f"{AUTHORITY}distribution-status",
            "COMPLETED DEPRECATED DEVELOP DISCONT WITHDRAWN OP_DATPRO",
        ),
    ),
}
