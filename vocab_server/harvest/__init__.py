"""Catalogs of others, brought into the form in which we keep them."""
