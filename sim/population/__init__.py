"""Who comes: persons, monthly cohorts, and the stock on the first day."""
