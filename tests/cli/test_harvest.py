"""Harvests on the command line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.conftest import BASE
from tests.harvest.servers import datasets, running_site
from vocab_server.cli import cli
from vocab_server.errors import InvalidError


def test_a_catalog_gets_a_source_and_is_harvested_by_hand(tmp_path: Path) -> None:
    with running_site() as site:
        environ = {
            "VOCAB_SERVER_DATA": str(tmp_path / "data"),
            "VOCAB_SERVER_BASE_URL": BASE,
            "VOCAB_SERVER_INTERNAL_HOSTS": site.host,
        }

        def run(*arguments: str) -> Result:
            done = CliRunner(env=environ).invoke(cli, ["harvest", *arguments])
            if done.exception and not isinstance(done.exception, SystemExit):
                raise done.exception
            return done

        assert "from anywhere" in run().stdout
        assert run("--from", site.url("/c")).exit_code == 2
        with pytest.raises(InvalidError, match="cannot name a catalog"):
            run("No Name", "--from", site.url("/c"))
        site.says("/c", datasets("a", "b"))
        first = run("town", "--from", site.url("/c"), "--every", "0")
        assert first.exit_code == 0 and "town: 2 added, 0 changed" in first.stdout
        site.fails("/c", 503)
        failed = run()
        assert failed.exit_code == 1 and "nothing was changed.\n  " in failed.stdout
        site.says("/c", datasets("a", "b", "c"))
        (told,) = json.loads(run("town", "--json").stdout)
        assert (told["outcome"], told["added"], told["unchanged"]) == ("changed", 1, 2)
