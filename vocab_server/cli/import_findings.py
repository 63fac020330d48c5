"""What checks find in a file that is to be imported, told before anything is kept of it."""

from vocab_server.cli.progress import Shown
from vocab_server.editing.importing import Source
from vocab_server.quality.check import Level
from vocab_server.quality.checks import CHECKS
from vocab_server.quality.dcat.checks import catalog_checks_of
from vocab_server.quality.files import check_file
from vocab_server.quality.report import Result


def find_in(
    source: Source, base_iri: str, shown: Shown, *, profile: str = "", fix: bool = False
) -> list[Result]:
    """What each check found.

    With a ``profile`` the file is a catalog, else a vocabulary. Raises as ``check_file`` does.
    """
    checks = catalog_checks_of(profile) if profile else CHECKS
    shown.step("check")
    with check_file(
        source.path,
        file_name=source.name,
        form=source.format,
        base_iri=base_iri,
        checks=[check for check in checks if check.level is not Level.IGNORE],
        profile=profile,
        fix=fix,
        progress=shown.amount,
    ) as report:
        return report.results()
