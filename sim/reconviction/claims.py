"""What must not be claimed from a figure of reconviction (recidivism.md §8): printed with every one of them."""

MUST_NOT_CLAIM = (
    (
        "The three assumptions (no effect of the route, central reading, whole adjusted gap causal) fit the published French "
        "data equally well: none of them may be quoted without the other two, and a zero effect is compatible with the data."
    ),
    (
        "The published gap between people who left adjusted and people who left dry is not the effect of adjusting: those who "
        "are adjusted are chosen. No effect has been measured in France for the LSC de plein droit or for external placement, "
        "and nothing here ranks one route above another."
    ),
    "A lower dry-release rate is an administrative outcome: it does not by itself mean less reoffending.",
    (
        "Earlier release is not free: acts of the same people come earlier. Read acts per calendar year beside the share of "
        "people reconvicted, and places freed beside both."
    ),
    "Effects do not add up: route, lodging and preparation overlap, and their sum is bounded.",
    (
        "No more than one decimal, no difference without its interval and the chance that it is below zero, no sum in euros "
        "and no number of victims derived from it."
    ),
    "Reconviction is not reoffending: it misses undetected acts, and convictions abroad of people who left the country.",
    (
        "Averages over a population. Nothing here predicts, or may be used on, a person, nor ranks a court, a service or a "
        "prison; nothing is said beyond five years, nor of groups the published data do not cover (women, minors, terrorism, "
        "overseas)."
    ),
)
"""Sentences to print as they are."""
