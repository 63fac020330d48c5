"""Small web servers on loopback that answer as publishers' servers do: well, badly, or never."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

PREFIXES = """@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
"""


@dataclass
class Site:
    """A server: ``pages`` say what is at each path, ``asked`` what was asked for, with headers.

    ``methods`` are how, in the same order.
    """

    pages: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)
    host: str = ""
    ending: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"

    def says(self, path: str, body: str | bytes, kind: str = "text/turtle", **more: str) -> None:
        """Let a page be there, with its ETag honoured if it has one."""
        data = body.encode() if isinstance(body, str) else body
        etag = more.get("ETag")

        def answer(request: BaseHTTPRequestHandler) -> None:
            if etag and request.headers.get("If-None-Match") == etag:
                send(request, b"", kind, 304, **more)
            else:
                send(request, data, kind, **more)

        self.pages[path] = answer

    def fails(self, path: str, status: int) -> None:
        self.pages[path] = lambda request: send(request, b"", "text/plain", status)

    def leads(self, path: str, target: str) -> None:
        self.pages[path] = lambda request: send(request, b"", "text/plain", 302, Location=target)


def send(
    request: BaseHTTPRequestHandler, data: bytes, kind: str, status: int = 200, **headers: str
) -> None:
    request.send_response(status)
    for name, value in {"Content-Type": kind, **headers}.items():
        request.send_header(name, value)
    if status != 304:
        request.send_header("Content-Length", str(len(data)))
    request.end_headers()
    if request.command != "HEAD":
        request.wfile.write(data)


@contextmanager
def running_site() -> Iterator[Site]:
    """A server on a free port of loopback."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, dict(self.headers)))
            site.methods.append(self.command)
            path = urlsplit(self.path).path
            whole, part = site.pages.get(self.path), site.pages.get(path)
            if found := whole or part:
                found(self)
            else:
                send(self, b"nothing here", "text/plain", 404)

        do_HEAD = do_GET  # noqa: N815  (the name that the library looks for)

        def log_message(self, *_: object) -> None:
            """Nobody wants to know."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Who asked has gone away, as some tests mean."""

    server = Server(("127.0.0.1", 0), Handler)
    site.host = f"127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield site
    site.ending.set()
    server.shutdown()
    thread.join()
    server.server_close()


def datasets(*names: str, more: str = "") -> str:
    """A catalog in Turtle with some datasets."""
    listed = ", ".join(f"<https://town.example/{name}>" for name in names)
    each = "\n".join(
        f'<https://town.example/{name}> a dcat:Dataset ; dct:title "{name}"@en ;'
        f' dcat:keyword "{name} word"@en .'
        for name in names
    )
    catalog = (
        f'<https://town.example/> a dcat:Catalog ; dct:title "Town"@en ; dcat:dataset {listed} .'
    )
    return f"{PREFIXES}{catalog}\n{each}\n{more}\n"
