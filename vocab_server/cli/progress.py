"""Progress of long work, on standard error."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

STEPS = {
    "read": "Reading the file",
    "check": "Checking what it says",
    "compare": "Comparing with what is there",
    "log": "Writing the change log",
    "store": "Storing the statements",
    "statistics.json": "Counting",
    "outline": "Placing in the hierarchy",
    "changes": "Noting what is new",
    "datasets": "Indexing the datasets",
    "histories": "Indexing the past",
    "structure": "Finding groups and circles",
    "index": "Indexing the names",
    "snapshot": "Publishing",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What long work reports to: the next step, and how far the present one is."""

    step: Callable[[str], None]
    amount: Callable[[int, int], None]


@contextmanager
def progress(title: str) -> Iterator[Shown]:
    """A progress bar for as long as the block runs; plain lines where there is no terminal."""
    # Not at the top: server processes tell of the commands, and show no progress (2 MB).
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(title, total=None)
        told = ""

        def step(name: str) -> None:
            nonlocal told
            described = f"{title}: {STEPS.get(name, name)}"
            bar.update(task, description=described, total=None)
            if not console.is_terminal and described != told:
                console.print(described)
            told = described

        def amount(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total or None)

        yield Shown(step, amount)
