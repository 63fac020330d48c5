"""Names of the licences that open data usually has, by their addresses without scheme."""

import re

_DEED = re.compile(r"/(deed|legalcode)(\.[a-z-]+)?\Z")  # the same licence, in words
_NAMES = {
    "creativecommons.org/publicdomain/zero/1.0": "CC0 1.0",
    "creativecommons.org/licenses/by/4.0": "CC BY 4.0",
    "creativecommons.org/licenses/by/3.0": "CC BY 3.0",
    "creativecommons.org/licenses/by-sa/4.0": "CC BY-SA 4.0",
    "creativecommons.org/licenses/by-sa/3.0/igo": "CC BY-SA 3.0 IGO",
    "opendatacommons.org/licenses/odbl/1-0": "ODbL 1.0",
    "opendatacommons.org/licenses/by/1-0": "ODC-By 1.0",
    "data.norge.no/nlod": "NLOD",
    "data.norge.no/nlod/no/2.0": "NLOD 2.0",
    "publications.europa.eu/resource/authority/licence/CC0": "CC0 1.0",
    "publications.europa.eu/resource/authority/licence/CC_BY_4_0": "CC BY 4.0",
    "www.apache.org/licenses/LICENSE-2.0": "Apache 2.0",
}


def licence_name(iri: str) -> str:
    """The usual short name of a licence; its address when it is none of the usual ones."""
    address = _DEED.sub("", iri.partition("://")[2].rstrip("/"))
    return _NAMES.get(address, iri)


def is_known_licence(iri: str) -> bool:
    """Whether a licence is one of the usual ones, stated by its address."""
    return licence_name(iri) != iri
