"""An HTTP client that costs little: keep-alive connections over plain sockets (RFC 9112).

``python -m vocab_server.bench.client`` is the load generator where there is no ``wrk``.
"""

import json
import random
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Self

HOST = "127.0.0.1"
TIMEOUT = 30  # seconds for one answer
_AT_ONCE = 256 * 1024  # bytes


class Connection:
    """One connection to a server on this machine; reused for all its requests."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection((HOST, port), TIMEOUT)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._host = f"{HOST}:{port}"

    def get(self, path: str, accept: str) -> tuple[int, bytes]:
        """The status and the body of an answer. Raises OSError when there is none."""
        request = f"GET {path} HTTP/1.1\r\nHost: {self._host}\r\nAccept: {accept}\r\n\r\n"
        self._socket.sendall(request.encode())
        data = self._until(b"", b"\r\n\r\n")
        head, _, body = data.partition(b"\r\n\r\n")
        status = int(head.split(b" ", 2)[1])
        length = _length(head)
        if length is None:
            return status, self._chunked(body)
        while len(body) < length:
            body += self._receive()
        return status, body

    def _chunked(self, data: bytes) -> bytes:
        """The body that comes in chunks (RFC 9112, 7.1)."""
        body = b""
        while True:
            data = self._until(data, b"\r\n")
            size, _, data = data.partition(b"\r\n")
            length = int(size.partition(b";")[0], 16)
            while len(data) < length + 2:
                data += self._receive()
            body += data[:length]
            data = data[length + 2 :]
            if not length:
                return body

    def _until(self, data: bytes, end: bytes) -> bytes:
        while end not in data:
            data += self._receive()
        return data

    def _receive(self) -> bytes:
        received = self._socket.recv(_AT_ONCE)
        if not received:
            raise ConnectionError("The server closed the connection.")
        return received

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._socket.close()


def _length(head: bytes) -> int | None:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return None


def load(
    port: int,
    paths: list[str],
    accept: str,
    seconds: float,
    connections: int,
    number: str = "",
    pause: float = 0,
) -> dict[str, float]:
    """Ask for the paths in turn for some time; the counts of answers and of failed ones.

    What stands behind a tab in a path is accepted instead of ``accept``. ``number`` is put behind
    each path together with a count, unless it is empty. ``pause`` is about how many milliseconds
    a connection waits before each request; "slow" how many 99 of 100 answers took at the most.
    """
    counts = {"requests": 0, "errors": 0}
    lock = threading.Lock()
    taken: list[float] = []
    start = time.monotonic()

    def ask(place: int) -> None:
        done, failed, count = 0, 0, place * len(paths) // connections
        with Connection(port) as connection:
            while time.monotonic() < start + seconds:
                path, _, accepted = paths[count % len(paths)].partition("\t")
                count += 1
                time.sleep(random.uniform(0, 2 * pause) / 1000)  # noqa: S311  (no secret)
                asked = time.perf_counter()
                status, _ = connection.get(
                    f"{path}{number}-{place}-{count}" if number else path, accepted or accept
                )
                taken.append((time.perf_counter() - asked) * 1000)
                done += 1
                failed += status >= 400
        with lock:
            counts["requests"] += done
            counts["errors"] += failed

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    slow = sorted(taken)[len(taken) * 99 // 100]
    return {**counts, "seconds": time.monotonic() - start, "slow": slow}


def main() -> None:
    """Do what the arguments say and print the counts as JSON."""
    port, file, accept, seconds, connections, number, pause = sys.argv[1:]
    paths = Path(file).read_text().splitlines()
    numbers = float(seconds), int(connections), number, float(pause)
    print(json.dumps(load(int(port), paths, accept, *numbers)))


if __name__ == "__main__":
    main()
