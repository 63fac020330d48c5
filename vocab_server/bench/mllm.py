"""The reference for suggestions: Annif's backend MLLM, a Maui-like lexical matcher that is trained.

Annif is run as a command, from the same environment or from any on the path, because it holds its
dependencies to exact versions. What it needs of NLTK's data is made here: tables of abbreviations
that hold none, so that nothing has to be downloaded and every run cuts sentences alike.
"""

import json
import os
import shutil
import subprocess
import sysconfig
from collections.abc import Sequence
from pathlib import Path

from vocab_server.bench.processes import LONGEST
from vocab_server.bench.tagged import Tagged
from vocab_server.errors import VocabServerError
from vocab_server.search.described import Described
from vocab_server.search.text import STEMMERS

MISSING = (
    "Annif is not installed, so its MLLM is not measured. Run: pip install 'vocab-server[bench]'"
)
UNTRAINABLE = "Not enough positive and negative examples"  # hardly a name stands in any text
_PUNKT = ("abbrev_types.txt", "collocations.tab", "ortho_context.tab", "sent_starters.txt")
_PROJECT = """[mllm]
name=MLLM
language={language}
backend=mllm
vocab=measured
analyzer=snowball({stemmer})
"""


def annif() -> str | None:
    """The command, or None where it is not installed."""
    return shutil.which("annif", path=sysconfig.get_path("scripts")) or shutil.which("annif")


class Mllm:
    """MLLM over the vocabulary in a SKOS file; ``language`` is that of its names.

    Made where ``annif`` is installed only.
    """

    def __init__(self, vocabulary: Path, language: str, directory: Path) -> None:
        self._directory = directory
        tables = directory / "nltk" / "tokenizers" / "punkt_tab" / "english"
        tables.mkdir(parents=True)
        for name in _PUNKT:
            (tables / name).touch()
        project = _PROJECT.format(language=language, stemmer=STEMMERS[language])
        (directory / "projects.cfg").write_text(project)
        self._run("load-vocab", "measured", str(vocabulary.absolute()))

    def suggested(
        self, training: Sequence[Tagged], asked: Sequence[Tagged], limit: int
    ) -> list[list[str]]:
        """The concepts for each of the datasets, best first, after training with others.

        None where too few names stand in the texts to train anything.
        """
        self._write("training.tsv", training)
        self._write("asked.tsv", asked)
        try:
            self._run("train", "mllm", "training.tsv")
        except VocabServerError as error:
            if UNTRAINABLE in str(error):
                return [[] for _ in asked]
            raise
        self._run("index", "mllm", "asked.tsv", "-l", str(limit), "-O", "suggested.jsonl", "-f")
        lines = (self._directory / "suggested.jsonl").read_text().splitlines()
        return [[found["uri"] for found in json.loads(line)["results"]] for line in lines]

    def _write(self, name: str, tagged: Sequence[Tagged]) -> None:
        lines = [
            f"{_text(each.described)}\t{' '.join(f'<{iri}>' for iri in sorted(each.concepts))}\n"
            for each in tagged
        ]
        (self._directory / name).write_text("".join(lines), encoding="utf-8")

    def _run(self, *arguments: str) -> None:
        done = subprocess.run(  # noqa: S603  (a command found by its name, no shell)
            [annif() or "annif", *arguments],
            cwd=self._directory,
            env=os.environ | {"NLTK_DATA": str(self._directory / "nltk")},
            capture_output=True,
            text=True,
            timeout=LONGEST,
        )
        if done.returncode:
            raise VocabServerError(f"annif {arguments[0]} failed: {done.stderr.strip()[-500:]}")


def _text(described: Described) -> str:
    """All words of a description on one line, a sentence for each part."""
    parts = [" ".join(text.split()).rstrip(".") for _part, text in described.parts()]
    return ". ".join(filter(None, parts))
