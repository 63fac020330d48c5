"""How the server and a query process talk: length-prefixed frames through two pipes.

The server writes requests, one JSON array each. The process writes frames of a kind, flags and
bytes. It may have been taken over by the query that it ran, so the server trusts nothing in a
frame but that it can count: no pickle, no names, a bounded length.
"""

import fcntl
import json
import os
import struct
from contextlib import suppress
from enum import StrEnum
from typing import NamedTuple

HEADER = struct.Struct("<BBI")  # kind, flags, length of what follows in bytes
LENGTH = struct.Struct("<I")  # before a request

READY, FAILED, SOLUTIONS, GRAPH, PART = range(5)  # kinds
MORE = 1  # flag: more frames of this answer follow
LEAVING = 2  # flag: the process ends after this answer

FIRST = 64 * 1024  # bytes of an answer before any of it is sent
MAX_FRAME = 256 * 1024  # bytes
AT_ONCE = 16 * 1024  # bytes to read when the length is not known; a big buffer costs 50 µs
PIPE = 256 * 1024  # bytes that a pipe holds, so that a request never waits for its reader


class Reason(StrEnum):
    """Why a query has no answer."""

    INVALID = "invalid"
    NOT_OFFERED = "not offered"  # no media type for this kind of result
    SERVICE = "service"
    MEMORY = "memory"
    RESULT = "result"
    ENGINE = "engine"


class Request(NamedTuple):
    """A query on its way to a process.

    ``union`` makes all named graphs together the default graph, unless the query or the request
    names its dataset.
    """

    store: str
    text: str
    base_iri: str | None
    results_type: str | None
    graph_type: str | None
    union: bool
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None

    def encode(self) -> bytes:
        """The request as it is sent. Raises UnicodeEncodeError for half a surrogate pair."""
        body = json.dumps(self, ensure_ascii=False).encode()
        return LENGTH.pack(len(body)) + body


class Frame(NamedTuple):
    """What a process says."""

    kind: int
    flags: int
    payload: bytes


def enlarge(pipe: int) -> None:
    """Let a pipe hold PIPE bytes, where the system can (Linux) and permits it."""
    with suppress(AttributeError, OSError):
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE)


def write_all(pipe: int, data: bytes | bytearray | memoryview) -> None:
    """Write all of the data, waiting for its reader."""
    written = os.write(pipe, data)
    while written < len(data):
        data = memoryview(data)[written:]
        written = os.write(pipe, data)
