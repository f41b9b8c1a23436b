"""How we ask: one replication, many, and a policy against its baseline."""
