"""What pages say of scores: why points are missing, and where that is put right."""

from flask_babel import lazy_gettext as _

from vocab_server.catalog.profiles import RULES
from vocab_server.quality.mqa import METRICS
from vocab_server.quality.tag_quality import Fault
from vocab_server.rdf.namespaces import DCAT
from vocab_server.skos.hierarchy import local_name

FAULTS = {
    Fault.NO_CONCEPT: _("It has no category of the shared vocabularies."),
    Fault.FREE_WORD: _("Free word, no category:"),
    Fault.BROAD: _("Broad:"),
    Fault.NOT_IN_TEXT: _("The text does not speak of it:"),
    Fault.NO_TOPIC: _("No topic:"),
    Fault.CONTRADICTS: _("Leads to another EU theme:"),
    Fault.NO_THEME: _("Neither the categories nor the publisher give an EU theme."),
    Fault.NOT_CURRENT: _("No longer used:"),
    Fault.ALONE: _("No other publisher uses it:"),
    Fault.EVERYWHERE: _("On more than half of all that the publisher has:"),
}
# The field of the form of a dataset that answers a metric; those of its files are not in it.
FIELDS = {
    metric.id: local_name(metric.field)
    for metric in METRICS
    if metric.field
    and any(rule.of == DCAT.Dataset and rule.property == metric.field for rule in RULES)
}
BY_CATEGORY = frozenset(("keywordAvailability", "categoryAvailability"))
