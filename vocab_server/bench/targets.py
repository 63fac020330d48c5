"""What is promised: one row for each measured value, always as a ratio against a reference."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """What is promised of one value, as its ratio to a reference in the same unit.

    ``reference`` is None when it is measured in the same run. ``limit`` bounds the ratio from
    below when ``is_floor``, else from above; None when the value is only shown.
    """

    name: str
    unit: str
    limit: float | None = None
    is_floor: bool = False
    reference: float | None = None

    @property
    def text(self) -> str:
        """The promise in words."""
        if self.limit is None:
            return ""
        bound = "at least" if self.is_floor else "at most"
        if self.reference is not None:
            return f"{bound} {self.limit * self.reference:g} {self.unit}"
        return f"{bound} {self.limit:g}x"


TARGETS = (
    Target("import", "s", 4),
    Target("import of a file", "s"),
    Target("queries, uncached", "requests/s", 0.35, is_floor=True),
    Target("queries, repeated", "requests/s", 1.1, is_floor=True),
    Target("queries, uncached, processor", "ms a request"),
    Target("queries, repeated, processor", "ms a request"),
    Target("page, repeated", "requests/s a core", 1, is_floor=True, reference=2500),
    Target("page, repeated, all cores", "requests/s"),
    Target("page, uncached", "ms", 1, reference=5),
    Target("Turtle, repeated", "requests/s a core", 1, is_floor=True, reference=2500),
    Target("Turtle, repeated, all cores", "requests/s"),
    Target("Turtle, uncached", "ms", 1, reference=5),
    Target("commit", "ms", 1, reference=200),
    Target("commit, until it is read", "ms"),
    Target("growth of a page", "ms", 1.5),
    Target("growth of a tree level", "ms", 1.5),
    Target("growth of a query", "ms", 1.5),
    Target("growth of a commit", "ms", 1.5),
    Target("searches that find", "of 1", 0.95, is_floor=True, reference=1),
    Target("mean reciprocal rank", "of 1", 0.85, is_floor=True, reference=1),
    Target("suggestion, 1 of 2", "ms"),
    Target("suggestion, 99 of 100", "ms", 1, reference=10),
    Target("suggestions", "requests/s"),
    Target("suggestions, one core", "requests/s a core", 1, is_floor=True, reference=1000),
    Target("tree, first opened", "ms"),
    Target("tree at a concept, 95 of 100", "ms", 1, reference=20),
    Target("tree at a concept, queries", "a level", 1, reference=1),
    Target("pages, 95 of 100", "ms", 1, reference=50),
    Target("levels of the tree, 95 of 100", "ms", 1, reference=50),
    Target("searches, 95 of 100", "ms", 1, reference=50),
    Target("index, built", "ms a document", 1.5),
    Target("suggestion over HTTP", "ms"),
    Target("memory", "MB", 1, reference=300),
    Target("memory, in the background", "MB"),
    Target("mixed load, the most", "requests/s"),
    Target("mixed load", "requests/s"),
    Target("mixed load, answered", "of 1", 1, is_floor=True, reference=1),
    Target("mixed load, 99 of 100", "ms", 1, reference=200),
    Target("mixed load, commit", "ms"),
    Target("mixed load, hostile query", "s", 1, reference=11),
    Target("mixed load, memory", "MB", 1.1),
    Target("scoring", "datasets/s", 1, is_floor=True, reference=333),
    Target("growth of scoring", "ms a dataset", 1.5),
    Target("scoring after a change", "ms"),
    Target("quality, all checks", "s", 1, reference=20),
    Target("quality, all checks, large vocabulary", "s", 1, reference=120),
    Target("quality, all checks, with circles", "s", 1.5),
    Target("quality, memory", "MB", 1, reference=1500),
    Target("checks at the field, 95 of 100", "ms", 1, reference=10),
    Target("datasets, import", "ms a dataset"),
    Target("harvest of what did not change", "s", 1, reference=20),
    Target("concept pages with counts, 95 of 100", "ms", 1, reference=50),
    Target("datasets of a concept, 95 of 100", "ms"),
    Target("tag saved", "ms", 1, reference=200),
    Target("draft, opened", "ms", 1, reference=1000),
    Target("act in a draft", "ms"),
    Target("act in a draft, 95 of 100", "ms", 1, reference=300),
    Target("act in a draft, processor", "ms"),
    Target("draft of many changes, published", "s", 1, reference=3),
    Target("draft of many changes, published, processor", "s"),
    Target("release, frozen", "s"),
    Target("release, made ready to be browsed", "s"),
    Target("releases compared, after a draft", "s", 1, reference=5),
    Target("releases compared, after an import", "s", 1, reference=5),
    Target("pages of a release", "ms", 1.2),
    Target("suggested, precision at 1, the most frequent", "of 1"),
    Target("suggested, recall at 5, the most frequent", "of 1", 1.01, is_floor=True),
    Target("suggested, mean reciprocal rank, the most frequent", "of 1"),
    Target("suggested, precision at 1, MLLM", "of 1"),
    Target("suggested, recall at 5, MLLM", "of 1", 1.01, is_floor=True),
    Target("suggested, mean reciprocal rank, MLLM", "of 1"),
    Target("DCAT-AP, rules, by pyshacl", "s", 5, is_floor=True),
)
_BY_NAME = {target.name: target for target in TARGETS}


@dataclass(frozen=True, slots=True)
class Result:
    """A measured value beside its reference; ``reference`` is None where there is none."""

    target: Target
    vocabulary: str
    measured: float
    reference: float | None

    @property
    def ratio(self) -> float | None:
        """The value as a multiple of its reference."""
        return self.measured / self.reference if self.reference else None

    @property
    def verdict(self) -> str:
        """Whether the promise is kept: "met" or "missed"; "" where nothing is promised."""
        if self.target.limit is None or self.ratio is None:
            return ""
        if self.target.is_floor:
            return "met" if self.ratio >= self.target.limit else "missed"
        return "met" if self.ratio <= self.target.limit else "missed"

    def to_json(self) -> dict[str, object]:
        """The result as JSON."""
        return {
            "name": self.target.name,
            "vocabulary": self.vocabulary,
            "target": self.target.text,
            "measured": round(self.measured, 3),
            "unit": self.target.unit,
            "reference": None if self.reference is None else round(self.reference, 3),
            "ratio": None if self.ratio is None else round(self.ratio, 3),
            "verdict": self.verdict,
        }


def result(name: str, vocabulary: str, measured: float, reference: float | None = None) -> Result:
    """What was measured for the target of this name."""
    target = _BY_NAME[name]
    return Result(target, vocabulary, measured, reference or target.reference)
