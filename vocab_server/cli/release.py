"""``vocab-server release``."""

from getpass import getuser
from pathlib import Path

import click

from vocab_server import config
from vocab_server.errors import InvalidError
from vocab_server.services import open_services


@click.command()
@click.argument("vocabulary")
@click.argument("name")
@click.option(
    "--notes",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Text file that says what is new; UTF-8.",
)
def release(vocabulary: str, name: str, notes: Path | None) -> None:
    """Freeze what is published of VOCABULARY as the release NAME, which never changes.

    Prints the address of the release.
    """
    services = open_services(config.load())
    try:
        text = notes.read_text(encoding="utf-8") if notes else ""
    except UnicodeDecodeError as error:
        raise InvalidError(f"{notes} is not UTF-8. Save it as UTF-8.") from error
    made = services.releases.freeze(vocabulary, name, getuser(), text)
    click.echo(made.iri)
    click.echo(
        f"Released {made.concepts} concepts in {made.statements} statements,"
        f" as of change {made.number}.",
        err=True,
    )
