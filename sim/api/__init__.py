"""The front door: what ``import sortie`` gives. Scenarios, runs, results and the law, all in pandas frames."""
