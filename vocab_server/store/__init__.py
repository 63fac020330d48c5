"""RDF engines, their snapshots, and the sandbox that runs queries from outside."""
