"""Files of data are looked into by themselves, a few at a time; what is gone is forgotten."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cataloguing import read_catalog
from tests.conftest import BASE
from tests.harvest.servers import Site, running_site
from vocab_server.config import Settings
from vocab_server.database.data_checks import DataChecks, State
from vocab_server.operation.data_queueing import REST, DataChecking, prune, queue
from vocab_server.services import Services, open_services

START = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix : <https://h.example/> .
    :c a dcat:Catalog ; dcat:dataset :d . :d a dcat:Dataset ; dcat:distribution {parts} .
    {files}"""


@pytest.fixture
def site() -> Iterator[Site]:
    with running_site() as opened:
        yield opened


@pytest.fixture
def services(site: Site, tmp_path: Path) -> Iterator[Services]:
    settings = Settings(
        data=tmp_path / "data", base_url=BASE, internal_hosts=(site.host,), link_delay=0.01
    )
    made = open_services(settings)
    yield made
    made.close()


def describe(services: Services, folder: Path, files: dict[str, str]) -> None:
    """A catalog with a dataset that has these files, each at its address."""
    said = " ".join(f":{name} dcat:downloadURL <{url}> ." for name, url in files.items())
    parts = ", ".join(f":{name}" for name in files)
    read_catalog(services, folder, "harbour", START.format(parts=parts, files=said))


def waiting(services: Services) -> set[str]:
    found = DataChecks(services.database).of_catalog("harbour", limit=100)
    return {one.distribution.rpartition("/")[2] for one in found if one.state is State.WAITING}


def test_a_round_asks_each_server_for_one_file(services: Services, tmp_path: Path) -> None:
    checks = DataChecks(services.database)
    files = {f"f{n}": f"https://host-{n % 3}.example/{n}.csv" for n in range(9)}
    describe(services, tmp_path, files | {"x": "ftp://old.example/x", "y": "urn:nowhere"})
    assert queue(services, checks) == 3
    assert len({int(name[1:]) % 3 for name in waiting(services)}) == 3
    assert [queue(services, checks) for _ in range(3)] == [3, 3, 0]
    assert waiting(services) == set(files)


def test_a_round_is_bounded(services: Services, tmp_path: Path) -> None:
    describe(services, tmp_path, {f"f{n}": f"https://host-{n}.example/" for n in range(9)})
    assert queue(services, DataChecks(services.database), most=4) == 4


def test_what_a_dataset_has_no_more_is_forgotten(services: Services, tmp_path: Path) -> None:
    checks = DataChecks(services.database)
    describe(services, tmp_path, {n: f"https://{n}.example/a.csv" for n in ("a", "b", "c")})
    assert queue(services, checks) == 3
    describe(services, tmp_path, {"b": "https://b.example/a.csv"})
    prune(services, checks)
    assert waiting(services) == {"b"}


def test_the_duty_looks_into_files_that_nobody_asked_for(
    services: Services, site: Site, tmp_path: Path
) -> None:
    site.says("/a.csv", "id,name\n1,x\n", "text/csv")
    describe(services, tmp_path, {"a": site.url("/a.csv")})
    duty, checks = DataChecking(), DataChecks(services.database)
    duty.run(services)
    assert waiting(services) == set()  # a server that starts again and again asks nobody
    duty.looked -= REST
    duty.run(services)
    assert waiting(services) == {"a"}
    duty.run(services)
    found = checks.find("https://h.example/a")
    assert found is not None and (found.state, found.account) == (State.DONE, "")
    assert found.report is not None
    asked = len(site.asked)
    duty.run(services)
    assert len(site.asked) == asked  # the next round is a while away
