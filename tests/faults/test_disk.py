"""A disk that is full or may only be read: clear words, nothing lost, and it goes on afterwards."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.faults

# What runs on the small disk; it prints one JSON object.
PREAMBLE = """
import json, os, sys
from contextlib import closing
from pathlib import Path
from rdflib import Literal, URIRef
from tests.changing import DATED, edit, put
from tests.editing.processes import dumped, replayed
from tests.people import TESTER, add_person
from vocab_server.accounts.register import find_account
from vocab_server.accounts.roles import Grant, Role
from vocab_server.accounts.tokens import create_token
from vocab_server.config import Settings
from vocab_server.errors import VocabServerError
from vocab_server.operation.backup import back_up
from vocab_server.operation.doctor import examine
from vocab_server.services import open_services
from vocab_server.app import create_app
disk = Path(sys.argv[1])
settings = Settings(data=disk / "data")
ballast = disk / "ballast"
def fill(left):
    with ballast.open("ab") as file:
        try:
            while True:
                free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
                if free <= left: return
                file.write(b"x" * min(1 << 16, free - left)); file.flush()
        except OSError: return
def is_whole(services):
    with services.writer.open() as transaction:
        expected = replayed(services.log)
        return dumped(transaction.store, list(expected)) == expected
def tried(act):
    try: act()
    except Exception as error: return f"{type(error).__name__}: {error}"
    return ""
"""

FULL_AT_COMMIT = """
said, kept = [], []
with closing(open_services(settings)) as services:
    put(services, "zoo", "Zoo", DATED)
    add_person(services.database, "anna", Grant(Role.CURATOR))
    anna = find_account(services.database, "anna")
    token, _ = create_token(services.database, TESTER, anna, scopes=("write",))
    fill(LEFT)
    for number in range(400):
        text = f':n{number} a skos:Concept ; skos:prefLabel "{"x" * 20_000}"@en .'
        problem = tried(lambda: edit(services, "zoo", added=text))
        if problem:
            said.append(problem)
            break
        kept.append(number)
    log = services.log.last()
    readable = services.published.view().vocabulary("zoo").id
    client = create_app(settings).test_client()
    ready = client.get("/readyz").status_code
    fill(0)
    asked = client.post("/api/v1/vocabularies/zoo/drafts", json={"title": "A title"},
        headers={"Authorization": f"Bearer {token}"})
    asked = [asked.status_code, asked.json["detail"]]
    backup = tried(lambda: back_up(settings, disk / "backup"))
    found = [f.checkup.id for f in examine(settings) if f.problems]
ballast.unlink()
with closing(open_services(settings)) as services:
    whole = is_whole(services)
    edit(services, "zoo", added=":after a skos:Concept .")
    graph = services.published.view().vocabulary("zoo").graph
    concepts = services.published.view().statistics(graph).concepts
print(json.dumps(dict(said=said, kept=len(kept), log=log, readable=readable, ready=ready,
    backup=backup, asked=asked, found=found, whole=whole, concepts=concepts,
    left=[p.name for p in disk.iterdir()])))
"""

READ_ONLY = """
with closing(open_services(settings)) as services:
    put(services, "zoo", "Zoo", DATED)
os.system(f"mount -o remount,ro {disk}")
found = {f.checkup.id: f.problems[0].what for f in examine(settings) if f.problems}
problem = tried(lambda: open_services(settings))
os.system(f"mount -o remount,rw {disk}")
with closing(open_services(settings)) as services:
    whole = is_whole(services)
print(json.dumps(dict(found=found, problem=problem, whole=whole)))
"""


def on_small_disk(own_disk: list[str], script: str, place: Path, **values: object) -> dict:
    """What a script says that runs with a disk of 24 MiB of its own."""
    text = PREAMBLE + "".join(f"{name} = {value!r}\n" for name, value in values.items()) + script
    mount = f"mount -t tmpfs -o size=24m tmpfs {place} && exec {sys.executable} - {place}"
    done = subprocess.run(
        [*own_disk, "sh", "-c", mount],
        input=text,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin:/usr/sbin:/sbin"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_a_full_disk_loses_nothing_and_is_told(
    own_disk: list[str], tmp_path: Path, full: bool
) -> None:
    for left in (200_000, 0, 50_000, 400_000, 1_000_000, 2_000_000) if full else (200_000,):
        found = on_small_disk(own_disk, FULL_AT_COMMIT, tmp_path, LEFT=left)
        assert found["said"], "the disk was full at some moment"
        assert "No space" in found["said"][0] or "full" in found["said"][0]
        assert found["readable"] == "zoo"
        assert found["ready"] == 503
        assert found["asked"][0] == 503
        assert "cannot be used" in found["asked"][1]
        assert "cannot be written" in found["backup"]
        assert "disk" in found["found"]
        assert found["whole"]
        assert found["concepts"] >= 5 + found["kept"] + 1, "all that was acknowledged is there"
        assert sorted(found["left"]) == ["data"], "no half backup"


def test_a_disk_that_may_only_be_read_is_told(own_disk: list[str], tmp_path: Path) -> None:
    found = on_small_disk(own_disk, READ_ONLY, tmp_path)
    assert "read or written" in found["found"]["data-directory"]
    assert found["problem"].startswith("StoreUnavailableError")
    assert "vocab-server doctor" in found["problem"]
    assert found["whole"]
