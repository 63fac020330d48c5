"""RDF without input or output: names, formats, query text, changes, languages."""

import logging

# rdflib tells of each value that its datatype does not allow, with a traceback. Catalogs of others
# have hundreds of these; what is wrong with them is for our checks to say.
logging.getLogger("rdflib.term").setLevel(logging.ERROR)
