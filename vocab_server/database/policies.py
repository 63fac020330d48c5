"""What each vocabulary prescribes to those who edit it, as the database keeps it."""

from dataclasses import asdict, dataclass

from rdflib import URIRef
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from vocab_server.database.draft_models import PolicyRow


@dataclass(frozen=True, slots=True)
class Prescribed:
    """What holds in a vocabulary; the defaults where nobody chose.

    ``address`` is from what an address is made, "label" or "number"; for the rest see
    ``skos.acts.curation.Policy``.
    """

    address: str = "label"
    prefix: str = ""
    digits: int = 1
    notation_pattern: str = ""
    allows_own_approval: bool = False


class Policies:
    """The policies of all vocabularies, by the graph of each."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, graph: URIRef) -> Prescribed:
        """What a vocabulary prescribes."""
        with Session(self._engine) as session:
            row = session.get(PolicyRow, str(graph))
            if row is None:
                return Prescribed()
            return Prescribed(**{name: getattr(row, name) for name in asdict(Prescribed())})

    def set(self, graph: URIRef, prescribed: Prescribed) -> None:
        """Let a vocabulary prescribe this."""
        with Session(self._engine) as session, session.begin():
            session.merge(PolicyRow(graph=str(graph), **asdict(prescribed)))
