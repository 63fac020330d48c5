"""``vocab-server serve``."""

import multiprocessing
import signal
import socket
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import Any

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from vocab_server import background, config
from vocab_server.accounts.account import OPERATOR
from vocab_server.accounts.passwords import make_password
from vocab_server.accounts.register import add_account, has_accounts
from vocab_server.accounts.roles import Grant, Role
from vocab_server.cli.loading import load_shipped
from vocab_server.config import Settings
from vocab_server.database import UNUSABLE
from vocab_server.database.turns import Kind, Turns
from vocab_server.errors import InvalidError, StoreUnavailableError
from vocab_server.operation.metrics import share_figures
from vocab_server.services import Services, open_services

FIRST = "admin"  # the account that the first start makes
_ONE_KEY = (
    "Sessions are signed with the key of this data directory. Other servers on the same database"
    " need the same: set VOCAB_SERVER_SECRET_KEY to one value for all."
)
THREADS = 32  # requests that one process answers at a time; most only wait for a query process


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(min=1), help="Server processes.")
@click.option("--load", is_flag=True, help="First load the vocabularies that come with us.")
def serve(host: str, port: int, workers: int | None, load: bool) -> None:
    """Serve until a signal; what is being answered then is finished first.

    What a process that died left undone is done before the first answer.
    """
    settings = config.load()
    _check_free(host, port)
    # In a process of its own: what is forked from one that had a store open waits for ever, when it
    # writes, for threads of the engine that it does not have. This one never opens any.
    with ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as fresh:
        sign_in = fresh.submit(_prepare, settings, load).result()
    address = f"http://{host}:{port}"
    behind = "" if settings.base == address else f", which is to lead to {address}"
    click.echo(f"Serving {settings.base}{behind}. Stop with Ctrl+C.", err=True)
    click.echo(sign_in, err=True)
    if settings.database.startswith("postgresql") and not settings.secret_key:
        click.echo(_ONE_KEY, err=True)
    if settings.metrics:
        share_figures(settings.data)
    with background.running(settings):
        _serve(settings, host, port, workers)


def _serve(settings: Settings, host: str, port: int, workers: int | None) -> None:
    server = Granian(
        "vocab_server.cli.served:create_app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=workers or settings.workers,
        blocking_threads=THREADS,
        log_level=LogLevels.error,
        workers_kill_timeout=15,
    )
    server.on_startup(partial(_reload_on_hangup, server))
    server.serve()


def _reload_on_hangup(server: Any) -> None:
    """On SIGHUP replace the processes one by one, unless the settings now have mistakes."""

    def reload(*_signal: object) -> None:
        try:
            config.load()
        except InvalidError as error:
            click.echo(f"Not reloaded, the settings have mistakes:\n{error}", err=True)
        else:
            click.echo("Reloading.", err=True)
            server.signal_handler_reload()

    signal.signal(signal.SIGHUP, reload)


def _prepare(settings: Settings, load: bool) -> str:
    """Bring the data up to date, load what comes with us if it is to be; how to sign in."""
    services = open_services(settings)
    try:
        return _set_up(services, load)
    except UNUSABLE:
        if not services.published.name():
            raise
        return "The database does not answer: what was published is read, and nothing changed."


def _set_up(services: Services, load: bool) -> str:
    turns = Turns(services.database)
    with turns.take(services.settings.data / "set-up.lock", Kind.SET_UP):  # one node does it
        if load and not services.log.last():
            load_shipped(services)
        _catch_up(services)
        return _how_to_sign_in(services, make_first=load)


def _catch_up(services: Services) -> None:
    """Take in what the log has and the projections have not, also after a crash or an upgrade."""
    if services.engine is None:
        services.writer.renew()
        return
    try:
        with services.writer.open():
            pass
    except StoreUnavailableError as error:
        click.echo(f"{error} It is tried again while the server runs.", err=True)


def _how_to_sign_in(services: Services, *, make_first: bool) -> str:
    """What to tell whoever starts the server; the first account is made when there is none."""
    page = f"{services.settings.base}/sign-in"
    if has_accounts(services.database):
        return f"Sign in at {page}"
    if not make_first:
        return "Nobody can sign in yet: vocab-server user add NAME --role administrator"
    password = make_password()
    administrator = frozenset({Grant(Role.ADMINISTRATOR)})
    add_account(services.database, OPERATOR, FIRST, password=password, grants=administrator)
    return f"Sign in at {page} as {FIRST} with the password {password} (shown only now)"


def _check_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise InvalidError(
                f"{host}:{port} cannot be served: {error.strerror}. Choose another --port."
            ) from error
