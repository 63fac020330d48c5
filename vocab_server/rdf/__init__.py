"""RDF without input or output: names, formats, query text, changes, languages."""
