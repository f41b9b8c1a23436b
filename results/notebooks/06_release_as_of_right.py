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
# # La libération sous contrainte de plein droit : abolie, ou étendue

# %%
from sim.presentation.notebook import NotebookReport

book = NotebookReport("06_release_as_of_right")
book.answer(
    needs=["no_release_as_of_right"],
    fr="""Abolir la libération sous contrainte de plein droit change la part de sorties sèches de [[no_release_as_of_right · dry_rate]] et le nombre de personnes détenues de [[no_release_as_of_right · detained]]. L'ouvrir à six mois de la fin au lieu de trois les change de [[release_as_of_right_six_months · dry_rate]] et de [[release_as_of_right_six_months · detained]].""",
    en="""Abolishing the release under constraint as of right changes the share of dry releases by [[no_release_as_of_right · dry_rate]] and the number of people detained by [[no_release_as_of_right · detained]]. Opening it six months before the end instead of three changes them by [[release_as_of_right_six_months · dry_rate]] and [[release_as_of_right_six_months · detained]].""",
)

# %% [markdown]
# ## Part de sorties sèches

# %%
book.policies(["no_release_as_of_right", "release_as_of_right_six_months", "rules_of_2021"])

# %% [markdown]
# ## Sorties, occupation, attentes

# %%
book.table(
    ["no_release_as_of_right", "release_as_of_right_six_months", "rules_of_2021"],
    ["dry_rate", "dry_rate_b", "up_to_6", "detained", "density", "on_SL", "late", "no_counsellor", "cost"],
)

# %% [markdown]
# ## Les causes

# %%
book.causes(["no_release_as_of_right", "release_as_of_right_six_months", "rules_of_2021"])

# %% [markdown]
# ## Sur quoi cela repose
#
# - Les exclusions de la loi (violences dans le couple, sur mineur, fautes disciplinaires) touchent une part de personnes qu'aucune source ne donne
#   (HYP-39 `population.excluded_from_lsc`).
# - La chance que la commission examine la situation à temps, avec ou sans conseiller, est une hypothèse.
# - Une sortie sous contrainte de trois mois compte comme aménagée : ce n'est pas une sortie préparée, et ses critiques le disent.
#
# ## Ce qui le renverserait
#
# - Une statistique des refus de la mesure pour « impossibilité matérielle ».
# - Des juges qui, la mesure abolie, accorderaient davantage d'aménagements classiques : le modèle ne change pas leur manière de décider.

# %%
book.close()
