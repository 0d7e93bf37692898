"""The farm against a real PostgreSQL and a provider on real sockets."""
