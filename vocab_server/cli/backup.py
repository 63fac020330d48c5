"""``vocab-server backup``."""

from pathlib import Path

import click

from vocab_server import config
from vocab_server.operation.backup import back_up


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write everything that cannot be made again to FILE, while the server goes on.

    That is the database (change log, drafts, accounts), the key that sessions are signed with, and
    the files of releases. Keep FILE as safe as the server: it holds password hashes and the key.
    """
    manifest = back_up(config.load(), file)
    size = file.stat().st_size / config.MIB
    click.echo(
        f"Backed up {len(manifest.files)} files, up to change {manifest.last_change}:"
        f" {file}, {size:.1f} MiB.",
        err=True,
    )
