"""Whether a remote SPARQL engine can be asked, can be changed, and has what is published."""

from collections.abc import Callable, Iterator

from vocab_server.database.log import ChangeLog
from vocab_server.editing.engine import EngineProjection
from vocab_server.errors import InvalidError, StoreUnavailableError
from vocab_server.rdf.query import bind
from vocab_server.skos.statistics import read_statistics
from vocab_server.store.engine import Engine
from vocab_server.store.snapshots import Snapshots, number_of

REACH = (
    "Look whether it runs, lets this machine in, and is a SPARQL 1.1 server; and whether"
    " VOCAB_SERVER_STORE has the right address, user and password."
)
CHANGE = (
    "Look whether VOCAB_SERVER_STORE_UPDATE has the right address, user and password, and whether"
    " that user may change graphs."
)
FILL = "Start the server: it sends what is missing. Or send all of it anew: vocab-server rebuild"
READ = "Let VOCAB_SERVER_STORE be an address, or have a user, that may only read."
OTHER = "Or correct VOCAB_SERVER_STORE or VOCAB_SERVER_DATABASE."

_COUNT = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH $graph { ?s ?p ?o } }"
_FAILURES = (InvalidError, StoreUnavailableError)

Ill = tuple[str, str]  # what is wrong, and what to do


def engine_ills(engine: Engine, log: ChangeLog, snapshots: Snapshots) -> Iterator[Ill]:
    """What is wrong with an engine; nothing of it is changed."""
    asked, changed = engine.store.address.text, engine.store.changes.text
    unasked = list(_failing(engine.mark, f"The SPARQL engine at {asked} cannot be asked.", REACH))
    if unasked:
        yield from unasked
        return
    unchanged = f"The SPARQL engine at {changed} cannot be changed."
    yield from _failing(engine.try_update, unchanged, CHANGE)
    if engine.store.takes_updates(engine.UPDATE_OF_NOTHING):
        yield f"Queries at {asked} can be updates, and are done.", READ
    yield from _contents(engine, log, snapshots)


def _failing(look: Callable[[], object], what: str, remedy: str) -> Iterator[Ill]:
    try:
        look()
    except _FAILURES as error:
        yield f"{what} {error}", remedy


def _contents(engine: Engine, log: ChangeLog, snapshots: Snapshots) -> Iterator[Ill]:
    try:
        number = EngineProjection(engine, log).position()
    except StoreUnavailableError as error:
        yield str(error), OTHER
        return
    last = log.last()
    if number < last:
        yield (
            f"The SPARQL engine is behind: it has change {number}, the change log goes to {last}.",
            FILL,
        )
    elif last and engine.is_faithful():  # others count fewer, which take two values for one
        yield from _differing(engine, number, snapshots)


def _differing(engine: Engine, number: int, snapshots: Snapshots) -> Iterator[Ill]:
    """Graphs that have not as many statements as in the snapshot of the same change."""
    found = snapshots.open()
    if found is None:
        return
    path, lease = found
    with lease:
        expected = read_statistics(path) if number_of(path) == number else {}
    for graph, counted in expected.items():
        [row] = engine.store.select(bind(_COUNT, graph=graph))
        if int(str(row["n"])) != counted.triples:
            yield (
                f"The SPARQL engine has {row['n']} statements in {graph}, not {counted.triples}.",
                FILL,
            )
