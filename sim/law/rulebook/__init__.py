"""The law that is told: what a jurist asks of one sentence and a run does not."""
