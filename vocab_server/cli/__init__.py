"""The command line: one verb, one module (see COMMANDS)."""

import sys

import click

from vocab_server.__version__ import __version__
from vocab_server.cli.backup import backup
from vocab_server.cli.bench import bench
from vocab_server.cli.catalog import catalog
from vocab_server.cli.check import check
from vocab_server.cli.config import config_group
from vocab_server.cli.diff import diff
from vocab_server.cli.doctor import doctor
from vocab_server.cli.export import export
from vocab_server.cli.harvest import harvest
from vocab_server.cli.importing import import_
from vocab_server.cli.init import init
from vocab_server.cli.prepare import prepare
from vocab_server.cli.rebuild import rebuild
from vocab_server.cli.release import release
from vocab_server.cli.restore import restore
from vocab_server.cli.serve import serve
from vocab_server.cli.token import token
from vocab_server.cli.user import user
from vocab_server.database import UNUSABLE
from vocab_server.errors import VocabServerError

COMMANDS = (
    backup,
    bench,
    catalog,
    check,
    config_group,
    diff,
    doctor,
    export,
    harvest,
    import_,
    init,
    prepare,
    rebuild,
    release,
    restore,
    serve,
    token,
    user,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="vocab-server")
def cli() -> None:
    """A linked-data concept hierarchy server.

    Settings come from environment variables that start with VOCAB_SERVER_; see
    "vocab-server config show".
    """


for command in COMMANDS:
    cli.add_command(command)


def main() -> None:
    """Run a command. Exits with 1 when a problem was found, 2 for wrong use."""
    try:
        cli()
    except VocabServerError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(1)
    except UNUSABLE as error:
        told = str(getattr(error, "orig", error)).strip()
        click.echo(
            f"Error: The database cannot be used: {told}. See: vocab-server doctor", err=True
        )
        sys.exit(1)
