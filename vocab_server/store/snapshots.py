"""Numbered, immutable copies of everything that readers need, and the one that is current.

A snapshot is a directory; ``current`` is a symbolic link that one rename moves from one to the
next, so a reader sees a whole snapshot or the one before it, never a mixture.
"""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Self

LEASE = "lease"  # a file in each snapshot; whoever reads the snapshot holds a shared lock on it
UNFINISHED = ".new"


class Lease:
    """Keeps a snapshot from being collected for as long as it is open.

    The lock belongs to the process, so the kernel gives it up when the process dies.
    """

    def __init__(self, snapshot: Path) -> None:
        self._file = (snapshot / LEASE).open("rb")
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def close(self) -> None:
        """Let the snapshot go."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


class Snapshots:
    """The snapshots in a directory: any process reads, the holder of the write lock publishes."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._current = directory / "current"

    def name(self) -> str | None:
        """The name of the current snapshot, or None when there is none: one system call."""
        try:
            return os.readlink(self._current)  # noqa: PTH115  (once a request: 1 microsecond, not 10)
        except FileNotFoundError:
            return None

    def path(self, name: str) -> Path:
        """Where the snapshot of this name is."""
        return self._directory / name

    def current(self) -> Path | None:
        """Where the current snapshot is, or None when there is none."""
        name = self.name()
        return self.path(name) if name and (self.path(name) / LEASE).exists() else None

    def open(self) -> tuple[Path, Lease] | None:
        """The current snapshot, held until the lease is closed, or None when there is none."""
        while name := self.name():
            path = self.path(name)
            try:
                lease = Lease(path)
            except FileNotFoundError:
                if name == self.name():
                    return None  # somebody removed it by hand
                continue  # collected between the two calls: a newer one is current
            if (path / LEASE).exists():
                return path, lease
            lease.close()
        return None

    def publish(self, number: int, build: Callable[[Path], None]) -> Path:
        """Make ``build`` fill a new directory, then make it the current snapshot.

        ``number`` is that of the last change it holds. Readers go on with what they have until
        they next ask.
        """
        name = self._free_name(number)
        unfinished = self.path(name + UNFINISHED)
        shutil.rmtree(unfinished, ignore_errors=True)  # of a process that died
        unfinished.mkdir(parents=True)
        build(unfinished)
        (unfinished / LEASE).touch()
        unfinished.rename(self.path(name))
        link = self._directory / f"current{UNFINISHED}"
        link.unlink(missing_ok=True)
        link.symlink_to(name)
        link.replace(self._current)
        self.collect()
        return self.path(name)

    def collect(self) -> None:
        """Remove what nobody reads: old snapshots, and what a dead process left half built."""
        current = self.name()
        for path in self._directory.iterdir():
            if path.is_symlink() or path.name == current:
                continue
            if path.name.endswith(UNFINISHED) or _is_unused(path):
                shutil.rmtree(path, ignore_errors=True)

    def hide(self) -> None:
        """Have no current snapshot any more. Who reads one goes on with it."""
        self._current.unlink(missing_ok=True)

    def clear(self) -> bool:
        """Have no current snapshot any more; whether nobody reads one, and all are gone."""
        self.hide()
        if not self._directory.exists():
            return True
        self.collect()
        return not any(self._directory.iterdir())

    def _free_name(self, number: int) -> str:
        copy = 0
        while self.path(f"{number:010d}-{copy}").exists():
            copy += 1
        return f"{number:010d}-{copy}"


def number_of(snapshot: Path) -> int:
    """The number of the last change that a snapshot holds."""
    return int(snapshot.name.partition("-")[0])


def _is_unused(snapshot: Path) -> bool:
    """Whether no process holds a lease; if so, nobody can get one any more."""
    try:
        with (snapshot / LEASE).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            (snapshot / LEASE).unlink()
    except BlockingIOError:
        return False
    except FileNotFoundError:
        pass
    return True
