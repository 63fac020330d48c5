"""The drawing of the system, executable: imports point down, engine libraries have one home."""

import ast
from functools import cache
from pathlib import Path

import pytest

import vocab_server

LAYERS = (
    {"__main__"},
    {"cli"},
    {"bench"},
    {"background"},
    {"app"},
    {"front", "headers"},
    {"web", "api", "response_cache"},
    {"grouping"},
    {"reconciled"},
    {"founding", "levels", "listing", "past", "recent", "release_views", "retagging", "returned"},
    {"gone", "identity", "reading"},
    {"operation"},
    {"services"},
    {"views"},
    {"editing", "search", "harvest", "tagging"},
    {"quality"},
    {"skos", "catalog", "accounts"},
    {"store", "database"},
    {"rdf", "outbound", "smtp"},
    {"config"},
    {"errors", "__version__"},
)
ROW = {name: row for row, names in enumerate(LAYERS) for name in names}
ROOT = Path(vocab_server.__file__).parent
MODULES = sorted(
    path
    for path in ROOT.rglob("*.py")
    if path != ROOT / "__init__.py" and "versions" not in path.parts
)
HOMES = {
    "pyoxigraph": {
        "store/at_hand.py",
        "store/embedded.py",
        "store/parse_process.py",
        "store/query_process.py",
        "store/serialization.py",
    },
    "tantivy": {
        "search/change_lists.py",
        "search/changes.py",
        "bench/building.py",
        "search/cards.py",
        "search/find.py",
        "search/looks.py",
        "search/text.py",
        "search/dataset_documents.py",
        "search/dataset_find.py",
        "search/dataset_index.py",
        "search/documents.py",
        "search/histories.py",
        "search/index.py",
        "search/learning.py",
        "search/lists.py",
        "search/mentions.py",
        "search/reconciling.py",
        "search/similar.py",
        "views.py",
    },
    "icu": {"rdf/languages.py"},
    "requests": {"outbound.py", "store/connection.py"},
    "granian": {"cli/serve.py"},
    "smtplib": {"smtp.py"},
}


@cache
def imports(path: Path) -> frozenset[str]:
    """The full name of everything a module imports, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(names)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_down(path: Path) -> None:
    own = path.relative_to(ROOT).parts[0].removesuffix(".py")
    ours = {name.split(".")[1] for name in imports(path) if name.startswith("vocab_server.")}
    assert {name for name in ours - {own} if ROW[name] <= ROW[own]} == set()


@pytest.mark.parametrize("library", HOMES)
def test_a_library_has_its_home(library: str) -> None:
    users = {
        str(path.relative_to(ROOT))
        for path in MODULES
        if library in {name.split(".")[0] for name in imports(path)}
    }
    assert users == HOMES[library]


def test_no_module_is_longer_than_a_reader_can_hold() -> None:
    lengths = {str(path): path.read_text().count("\n") for path in MODULES}
    assert {path: length for path, length in lengths.items() if length > 400} == {}
