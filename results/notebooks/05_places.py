# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Des places : placement à l'extérieur, semi-liberté, SAS, InSERRE, places modulaires

# %%
from sim.presentation.notebook import NotebookReport

book = NotebookReport("05_places")
book.answer(
    needs=["semi_liberty_1000_places", "external_places_times_2"],
    fr="""Mille places de semi-liberté changent la part de sorties sèches de [[semi_liberty_1000_places · dry_rate]] ; deux fois plus de places et de demandes de placement à l'extérieur, de [[external_places_times_2 · dry_rate]]. Doubler ces dernières places sans que les demandes suivent change la part de [[external_places_doubled_only · dry_rate]].""",
    en="""A thousand semi-liberty places change the share of dry releases by [[semi_liberty_1000_places · dry_rate]]; twice the places and the requests of external placement by [[external_places_times_2 · dry_rate]]. Doubling the latter places without the requests changes it by [[external_places_doubled_only · dry_rate]].""",
)

# %% [markdown]
# ## Part de sorties sèches

# %%
book.policies(
    [
        "semi_liberty_1000_places",
        "external_places_doubled_only",
        "external_places_times_2",
        "external_places_times_3",
        "release_units_for_5_percent",
        "inserre_arras",
        "modular_3000_places",
    ]
)

# %% [markdown]
# ## Mesures, occupation, coût

# %%
book.table(
    [
        "semi_liberty_1000_places",
        "external_places_doubled_only",
        "external_places_times_2",
        "external_places_times_3",
        "release_units_for_5_percent",
        "inserre_arras",
        "modular_3000_places",
    ],
    ["dry_rate", "on_SL", "on_PE", "detained", "density", "over_capacity", "cost"],
)

# %% [markdown]
# ## Les causes

# %%
book.causes(["semi_liberty_1000_places", "external_places_times_2", "external_places_times_3", "release_units_for_5_percent"])

# %% [markdown]
# ## Sur quoi cela repose
#
# - Les places ajoutées sont réparties comme celles qui existent : une région sans centre de semi-liberté n'en gagne pas.
# - Le nombre de places de placement à l'extérieur conventionnées n'est pas publié (HYP-21 `means.placements.external_places`).
# - Une structure d'accompagnement vers la sortie (SAS) apporte ici une place et de l'activité, pas plus de conseillers.
# - Personne n'est ajouté en détention parce qu'il y a des places : les entrées ne répondent pas aux places.
#
# ## Ce qui le renverserait
#
# - Des tribunaux qui incarcéreraient davantage quand des places ouvrent : les places modulaires ne feraient alors plus baisser la densité.
# - Un registre des conventions qui montrerait des refus faute de place à l'extérieur : le modèle n'en voit presque pas.

# %%
book.close()
