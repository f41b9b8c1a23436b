"""What others can use without sortie: a run or the observed tables as a folder that describes itself."""
