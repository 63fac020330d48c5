"""Whether a remote SPARQL engine can be asked, can be changed, and has what is published."""

from collections.abc import Iterator

from vocab_server.config import Settings
from vocab_server.database.log import ChangeLog
from vocab_server.editing.engine import EngineProjection
from vocab_server.errors import InvalidError, StoreUnavailableError
from vocab_server.store.engine import Engine

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


def engine_ills(settings: Settings, log: ChangeLog) -> Iterator[tuple[str, str]]:
    """What is wrong with the engine, and what to do; nothing of it is changed."""
    engine = Engine(settings.store, settings.store_update)
    store = engine.store
    try:
        mark = engine.mark()
    except (InvalidError, StoreUnavailableError) as error:
        yield f"The SPARQL engine at {store.address.text} cannot be asked. {error}", REACH
        return
    try:
        engine.try_update()
    except (InvalidError, StoreUnavailableError) as error:
        yield f"The SPARQL engine at {store.changes.text} cannot be changed. {error}", CHANGE
    if store.takes_updates(engine.UPDATE_OF_NOTHING):
        yield f"Queries at {store.address.text} can be updates, and are done.", READ
    last, number = log.last(), mark.number if mark else 0
    try:
        EngineProjection(engine, log).position()
    except StoreUnavailableError as error:
        yield str(error), "Or correct VOCAB_SERVER_STORE or VOCAB_SERVER_DATABASE."
        return
    if number < last:
        yield (
            f"The SPARQL engine is behind: it has change {number}, the change log goes to {last}.",
            FILL,
        )
