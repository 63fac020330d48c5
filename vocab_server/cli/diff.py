"""``vocab-server diff``."""

import json
from collections.abc import Iterator

import click
from rdflib import Literal
from rdflib.term import Identifier

from vocab_server import config
from vocab_server.editing.differences import MOST, Difference, difference
from vocab_server.services import open_services
from vocab_server.skos.releases import number_at
from vocab_server.skos.telling import Told
from vocab_server.skos.told_json import item_json
from vocab_server.store.snapshots import number_of

LONGEST = 100  # characters of a text that are printed; --json has all


@click.command()
@click.argument("vocabulary")
@click.argument("from_", metavar="FROM")
@click.argument("to", metavar="TO")
@click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
def diff(vocabulary: str, from_: str, to: str, as_json: bool) -> None:
    """Say what changed in VOCABULARY from release FROM to release TO.

    Either may be "current": what is published now.
    """
    services = open_services(config.load())
    view = services.published.view()
    graph = view.vocabulary(vocabulary).graph
    releases, now = view.releases.get(graph, ()), number_of(view.path)
    start, end = (number_at(releases, name, now) for name in (from_, to))
    found = difference(services.log, graph, start, end)
    if as_json:
        click.echo(json.dumps(_json(found, vocabulary, from_, to), ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(_lines(found)))


def _json(found: Difference, vocabulary: str, from_: str, to: str) -> dict[str, object]:
    groups = found.groups
    return {
        "vocabulary": vocabulary,
        "from": from_,
        "to": to,
        "added": found.added,
        "removed": found.removed,
        "counts": found.counts(),
        "items": None
        if groups is None
        else [item_json(group, item) for group, items in groups.items() for item in items],
    }


def _lines(found: Difference) -> Iterator[str]:
    yield f"{found.added} statements added, {found.removed} removed."
    if found.groups is None:
        yield f"That is more than {MOST}: too much to tell in words."
    for group, items in (found.groups or {}).items():
        if items:
            yield f"\n{group.capitalize()} ({len(items)})"
            yield from map(_line, items)


def _line(item: Told) -> str:
    parts = [f"  {item.kind}", _term(item.concept), *map(_term, item.texts)]
    if item.before or item.after:
        before, after = (", ".join(map(_term, side)) or "-" for side in (item.before, item.after))
        parts.append(f"{before} -> {after}")
    return " ".join(parts)


def _term(term: Identifier) -> str:
    if not isinstance(term, Literal):
        return f"<{term}>"
    text = " ".join(str(term).split())
    cut = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    language = f"@{term.language}" if term.language else ""
    return f'"{cut}"{language}'
