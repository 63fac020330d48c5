"""What is done in the background: the table of duties, and the process that does them.

Each duty repeats in a thread of its own, so that one that hangs holds up no other, and only while
this process has the duty's lease in the database, so that of several servers on one database one
does it. A loop under a lease rather than a queue of jobs (huey): what is to be done is rows in the
database already, kept in the transaction that caused them.
"""

import logging
import multiprocessing
import os
import secrets
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from vocab_server.app import create_app
from vocab_server.config import Settings
from vocab_server.database.leases import end_lease, take_lease
from vocab_server.database.outbox import Mail, Outbox
from vocab_server.editing.notifying import tell
from vocab_server.errors import MailError, StoreUnavailableError
from vocab_server.operation.checking import Checking
from vocab_server.operation.data_queueing import DataChecking
from vocab_server.operation.following import start_following
from vocab_server.operation.harvesting import harvest_due
from vocab_server.operation.link_checking import LinkChecking
from vocab_server.operation.scoring import score_due
from vocab_server.services import Services
from vocab_server.skos.vocabularies import catalog_of
from vocab_server.smtp import MailServer, write_message
from vocab_server.web.letters import write_letter

NAME = "vocab-duties"  # what lists of processes call the one that does the duties, on Linux
LEASE = 60  # seconds that a duty stays with a process that says no more of itself
PATIENCE = 10  # seconds that a duty has to come to an end when the server stops
_LOG = logging.getLogger(__name__)


def tell_people(services: Services) -> None:
    """Make notices, and letters where mail is sent, of what happened."""
    catalog = f"{catalog_of(services.settings.base)}/"
    write = write_letter if services.settings.smtp else None
    while tell(services.database, lambda graph: graph.removeprefix(catalog), write):
        pass


def send_mail(services: Services) -> None:
    """Send what is due; after a failure the rest waits for the next time."""
    settings = services.settings
    if not settings.smtp:
        return
    outbox, server = Outbox(services.database), MailServer.at(settings.smtp)
    while mail := outbox.take(datetime.now(UTC)):
        if not _sent(outbox, server, mail, settings.mail_from):
            return


def _sent(outbox: Outbox, server: MailServer, mail: Mail, sender: str) -> bool:
    """Whether a mail was sent, or can never be: whether the next one is worth trying."""
    try:
        server.send(
            write_message(
                sender,
                mail.recipient,
                mail.subject,
                mail.text,
                language=mail.language,
                unsubscribe=mail.unsubscribe,
            )
        )
    except MailError as error:
        again = outbox.failed(mail, str(error), is_final=error.is_final)
        when = f"It is tried again at {again:%H:%M} UTC." if again else "It is given up."
        _LOG.warning("Mail %s was not sent: %s. %s", mail.id, error, when)
        return error.is_final
    outbox.sent(mail)
    return True


def publish_due(services: Services) -> None:
    """Publish the drafts whose time has come."""
    for outcome in services.publisher.publish_due(datetime.now(UTC)):
        if outcome.number is None:
            _LOG.warning("Draft %s was not published: %s", outcome.draft, outcome.problem)


def sweep_drafts(services: Services) -> None:
    """Delete what is left of drafts that are finished."""
    services.drafts.sweep()


def fill_engine(services: Services) -> None:
    """Send a remote engine what it has not: it was away, or it was emptied."""
    if services.engine is None:
        return
    try:
        mark = services.engine.mark()
        if mark is None or mark.number < services.log.last():
            with services.writer.open():
                pass
    except StoreUnavailableError as error:
        _LOG.warning("%s It is tried again.", error)


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that is done again and again, so many seconds after it was done."""

    name: str
    interval: float
    run: Callable[[Services], None]


DUTIES = (
    Duty("check-data", 2, DataChecking().run),
    Duty("check-links", 2, LinkChecking().run),
    Duty("check-quality", 20, Checking().run),
    Duty("fill-engine", 5, fill_engine),
    Duty("harvest", 5, harvest_due),
    Duty("publish-drafts", 15, publish_due),
    Duty("score", 10, score_due),
    Duty("send-mail", 3, send_mail),
    Duty("sweep-drafts", 10, sweep_drafts),
    Duty("tell-people", 2, tell_people),
)


@contextmanager
def running(settings: Settings) -> Iterator[None]:
    """Do the duties in a process of its own until the block ends.

    It is forked, which saves loading everything again: whoever calls has no store open.
    """
    process = multiprocessing.get_context("fork").Process(target=work, args=(settings,))
    process.start()
    try:
        yield
    finally:
        process.terminate()
        process.join(PATIENCE + 5)
        process.kill()
        process.join()


def work(settings: Settings) -> None:
    """Do the duties until a signal, or until the process that started this one is gone."""
    with suppress(OSError):
        Path("/proc/self/comm").write_text(NAME)
    stop = threading.Event()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the server, which then ends us
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    app = create_app(settings)
    followers = start_following(app.extensions["vocab_server"], stop)
    threads = [*start_duties(app, stop), *followers]
    parent = multiprocessing.parent_process()
    while not stop.wait(1):
        # Not parent.is_alive(): that stays so while a server process has its files open.
        if parent is not None and os.getppid() != parent.pid:
            stop.set()
    for thread in threads:
        thread.join(PATIENCE / len(threads))


def start_duties(app: Flask, stop: threading.Event) -> list[threading.Thread]:
    """A thread for each duty, which ends soon after ``stop`` is set."""
    holder = secrets.token_hex(16)
    threads = [
        threading.Thread(target=_repeat, args=(app, duty, holder, stop), daemon=True)
        for duty in DUTIES
    ]
    for thread in threads:
        thread.start()
    return threads


def _repeat(app: Flask, duty: Duty, holder: str, stop: threading.Event) -> None:
    while not stop.wait(duty.interval):
        try:
            do_once(app, duty, holder)
        except Exception:  # the next time may be better, and other duties must go on
            _LOG.exception("The duty %s failed; it is tried again.", duty.name)
    end_lease(app.extensions["vocab_server"].database, duty.name, holder)


def do_once(app: Flask, duty: Duty, holder: str) -> bool:
    """Do a duty, unless another process has it; whether it was done."""
    services: Services = app.extensions["vocab_server"]
    lease = max(LEASE, 2 * duty.interval)
    if not take_lease(services.database, duty.name, holder, lease):
        return False
    with app.app_context():
        duty.run(services)
    return True
