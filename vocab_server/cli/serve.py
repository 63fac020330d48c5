"""``vocab-server serve``."""

import socket

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from vocab_server import config
from vocab_server.cli.loading import load_shipped
from vocab_server.errors import InvalidError
from vocab_server.services import open_services

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
    services = open_services(settings)
    _check_free(host, port)
    if load and not services.log.last():
        load_shipped(services)
    with services.writer.open():
        pass  # catches up with the log after a crash
    address = f"http://{host}:{port}"
    behind = "" if settings.base == address else f", which is to lead to {address}"
    click.echo(f"Serving {settings.base}{behind}. Stop with Ctrl+C.", err=True)
    Granian(
        "vocab_server.app:create_served_app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=workers or settings.workers,
        blocking_threads=THREADS,
        log_level=LogLevels.error,
        workers_kill_timeout=15,
    ).serve()


def _check_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise InvalidError(
                f"{host}:{port} cannot be served: {error.strerror}. Choose another --port."
            ) from error
