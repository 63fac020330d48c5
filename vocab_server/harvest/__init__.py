"""Feeds in: what publishers' servers say, fetched within bounds (see HARVESTERS)."""

from collections.abc import Callable
from typing import NamedTuple

from flask_babel import lazy_gettext as _

from vocab_server.harvest.ckan_api import harvest_ckan
from vocab_server.harvest.dcat import harvest_dcat, harvest_file
from vocab_server.harvest.endpoint import harvest_endpoint
from vocab_server.harvest.harvested import Harvested
from vocab_server.harvest.visiting import Visit
from vocab_server.outbound import Validators


class Harvester(NamedTuple):
    """A kind of source: what it is called, whether it is on the web, and how it is read."""

    title: str
    is_remote: bool
    run: Callable[[str, Visit, Validators], Harvested | None]


HARVESTERS = {
    "ckan": Harvester(_("CKAN API"), True, harvest_ckan),
    "dcat": Harvester(_("DCAT, in one page or many"), True, harvest_dcat),
    "file": Harvester(_("File on the server"), False, harvest_file),
    "sparql": Harvester(_("SPARQL endpoint"), True, harvest_endpoint),
}
