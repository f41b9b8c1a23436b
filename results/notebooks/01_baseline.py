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
# # La référence, et ce qu'elle vaut

# %%
from sim.presentation.notebook import NotebookReport

book = NotebookReport("01_baseline")
book.answer(
    needs=["baseline"],
    fr="""Si le droit et les moyens restent ceux d'aujourd'hui, [[baseline · dry_rate · level]] des sorties de détention pour délit se font sans aménagement, avec [[baseline · detained · level]] personnes détenues en moyenne sur la période mesurée. Le tableau de validation dit, chiffre par chiffre, où le modèle tombe juste sur le passé publié et où il se trompe.""",
    en="""If law and means stay as they are today, [[baseline · dry_rate · level]] of releases from detention for délits are dry, with [[baseline · detained · level]] people detained on average over the measured period. The validation table says, figure by figure, where the model meets the published past and where it misses it.""",
)

# %% [markdown]
# ## Personnes détenues : le passé publié, le modèle et sa fourchette

# %%
import pandas as pd

from sim.presentation import charts
from sim.presentation.published import held_against, observed_days

months = book.figures.months("baseline", "stock", "status=detained")
past = observed_days("detenus")
past = past[past["day"] >= "2018-01-01"]
places = observed_days("places_operationnelles")
places = places[places["day"] >= "2018-01-01"][["day", "value"]]
chart = charts.fan(book.t, past, places, [(book.title("baseline"), months)], pd.Timestamp(book.told.manifest["measure_from"]))
book.show(chart, "Personnes détenues : valeurs publiées depuis 2018, puis médiane et fourchettes du modèle, et places.")

# %% [markdown]
# ## Le modèle devant ce qui est publié
#
# Chaque ligne compare la dernière date, ou la dernière année, que les deux connaissent. « Non » veut dire que la valeur publiée sort
# de la fourchette des simulations : un écart laissé tel quel, non corrigé après coup.

# %%
book.frame(held_against(book.t, book.figures))

# %% [markdown]
# ## Pourquoi on sort sans rien, dans la référence

# %%
book.causes([])

# %% [markdown]
# ## Sur quoi cela repose
#
# - Les flux d'entrée publiés jusqu'en 2025, tenus constants ensuite ; les peines du modèle s'allongent jusqu'en 2025 puis plus.
# - Le nombre de places d'audience du juge de l'application des peines, qu'aucune source nationale ne publie : il est réglé pour que
#   l'attente soit celle que décrit un magistrat (journée Santé-Justice, 2019).
# - Les deux définitions d'une sortie sèche, expliquées dans [la documentation](../../docs/background.md).
#
# ## Ce qui le renverserait
#
# - Un comptage national des requêtes, des audiences et des refus du juge de l'application des peines qui s'écarterait de ceux du modèle.
# - Une série mensuelle d'entrées qui, après 2025, ne serait pas constante.

# %%
book.close()
