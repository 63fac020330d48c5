"""Checks of catalogs: the rows of catalog.profiles as SHACL shapes, with what people are told."""
