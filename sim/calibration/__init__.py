"""Fitting practices to what is published, and saying what the fit is worth."""
