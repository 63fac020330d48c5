"""SHACL: shapes compiled to SPARQL and run in a store; what lies outside, by pyshacl apart.

Why: the shapes of DCAT-AP take pyshacl nine seconds on 1 000 datasets, and the store less than one.
"""
