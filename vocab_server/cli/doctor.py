"""``vocab-server doctor``."""

import json

import click

from vocab_server import config
from vocab_server.operation.doctor import Finding, examine


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
def doctor(as_json: bool) -> None:
    """Look for what is wrong with this installation, and say what to do.

    Reads all of the data, and changes nothing. Exits with 1 when a problem was found.
    """
    found = []
    for finding in examine(config.load()):
        found.append(finding)
        if not as_json:
            click.echo("\n".join(_lines(finding)))
    if as_json:
        click.echo(json.dumps(_json(found), indent=1, ensure_ascii=False))
    raise SystemExit(1 if any(finding.problems for finding in found) else 0)


def _lines(finding: Finding) -> list[str]:
    title = finding.checkup.title
    if not finding.looked:
        return [f"skipped  {title}"]
    if not finding.problems:
        return [f"ok       {title}"]
    told = [f"PROBLEM  {title}"]
    for problem in finding.problems:
        told += [f"         {problem.what}", f"         What to do: {problem.remedy}"]
    return told


def _json(found: list[Finding]) -> dict[str, object]:
    return {
        "healthy": not any(finding.problems for finding in found),
        "checkups": [
            {
                "id": finding.checkup.id,
                "title": finding.checkup.title,
                "looked": finding.looked,
                "problems": [problem._asdict() for problem in finding.problems],
            }
            for finding in found
        ],
    }
