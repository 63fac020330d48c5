"""``vocab-server bench``."""

import json
import signal
import sys
from pathlib import Path

import click

from vocab_server.bench.load import client_name
from vocab_server.bench.machine import machine
from vocab_server.bench.mllm import MISSING, annif
from vocab_server.bench.plan import Plan
from vocab_server.bench.run import GROWTH, NAMES, run
from vocab_server.bench.targets import Result
from vocab_server.cli.progress import progress
from vocab_server.errors import VocabServerError

WIDTH = 130  # characters of the table where there is no terminal


@click.command()
@click.argument("name", required=False, type=click.Choice(NAMES))
@click.option("--all", "everything", is_flag=True, help=f"All parts, {GROWTH} included.")
@click.option(
    "--file",
    "files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Measure imports, queries and pages on this vocabulary; can be given several times.",
)
@click.option(
    "--concepts",
    default=50_000,
    show_default=True,
    type=click.IntRange(min=100),
    help="Size of the generated vocabulary, with 15 triples for each concept.",
)
@click.option(
    "--seconds",
    default=6.0,
    show_default=True,
    type=click.FloatRange(min=0.1, max=3600),
    help="How long each load lasts.",
)
@click.option(
    "--datasets",
    default=100_000,
    show_default=True,
    type=click.IntRange(min=100),
    help="How many datasets to fill a site with, made of real ones.",
)
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A directory of real catalogs and vocabularies, to measure suggestions on.",
)
@click.option("--json", "as_json", is_flag=True, help="Results as JSON.")
@click.option(
    "--figures",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write the results with what this machine is to a file for the documentation.",
)
def bench(
    name: str | None,
    everything: bool,
    files: tuple[Path, ...],
    concepts: int,
    seconds: float,
    datasets: int,
    data: Path | None,
    as_json: bool,
    figures: Path | None,
) -> None:
    """Measure whether the server is as fast as promised; NAME is one part of that.

    Each value is a ratio to a reference: where possible the native Oxigraph server, measured in
    the same run with the same client and the same requests, else the stated limit. The part
    "growth" compares a tenth of the concepts with ten times as many; that takes many minutes, so
    it is only run when it is named or with --all. The part "suggest" measures how often suggestions
    are what people chose, beside the most frequent concepts and Annif's MLLM; it needs --data for
    more than the example catalogs. The part "load" mixes requests with edits and hostile queries;
    give it 600 --seconds to see whether it lasts. Needs Linux and the extra "bench"; uses the load
    generator wrk when that is installed.

    Exits with 1 when a target is missed.
    """
    usual = tuple(part for part in NAMES if part != GROWTH)
    names = (name,) if name else NAMES if everything else usual
    plan = Plan(names, concepts, seconds, files, datasets, data)
    results: list[Result] = []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # servers and files go away then too
    with progress("Measuring") as shown:
        try:
            for found in run(plan, shown.step):
                results.append(found)
        except VocabServerError:  # an hour may have gone into what is there
            _show(results)
            raise
    told = [found.to_json() for found in results]
    if figures:
        figures.write_text(json.dumps({"machine": machine(), "results": told}, indent=1) + "\n")
    if as_json:
        click.echo(json.dumps(told, indent=1))
    else:
        _show(results)
        click.echo(f"Load by {client_name()}.", err=True)
    if "suggest" in names and not annif():
        click.echo(MISSING, err=True)
    raise SystemExit(1 if any(found.verdict == "missed" for found in results) else 0)


def _show(results: list[Result]) -> None:
    # Not at the top: see ``progress``.
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table("name", "vocabulary", box=box.SIMPLE_HEAD)
    for heading in ("measured", "reference", "ratio"):
        table.add_column(heading, justify="right")
    for heading in ("unit", "target", "verdict"):
        table.add_column(heading)
    for found in results:
        table.add_row(
            found.target.name,
            found.vocabulary,
            _figure(found.measured),
            _figure(found.reference),
            _figure(found.ratio),
            found.target.unit,
            found.target.text,
            found.verdict,
        )
    Console(width=None if Console().is_terminal else WIDTH).print(table)


def _figure(value: float | None) -> str:
    """Three digits that say something."""
    if value is None:
        return ""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
