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
# # Des audiences dans les quatre mois, ou dans les deux mois

# %%
from sim.presentation.notebook import NotebookReport

book = NotebookReport("04_hearings")
book.answer(
    needs=["hearings_within_four_months"],
    fr="""Respecter le délai légal de quatre mois change la part de sorties sèches de [[hearings_within_four_months · dry_rate]]. Le nombre de décisions du juge par an change pour cela de [[hearings_within_four_months · held]], à partir de [[baseline · held · level]] dans la référence.""",
    en="""Keeping the legal delay of four months changes the share of dry releases by [[hearings_within_four_months · dry_rate]]. It takes a change of [[hearings_within_four_months · held]] decisions of the judge a year, from [[baseline · held · level]] in the baseline.""",
)

# %% [markdown]
# ## Part de sorties sèches

# %%
book.policies(["hearings_within_four_months", "hearings_within_two_months"])

# %% [markdown]
# ## Attentes, décisions, coût

# %%
book.table(
    ["hearings_within_four_months", "hearings_within_two_months"],
    ["dry_rate", "wait", "wait_p90", "late", "held", "requests", "detained", "cost"],
)

# %% [markdown]
# ## Les causes

# %%
book.causes(["hearings_within_four_months", "hearings_within_two_months"])

# %% [markdown]
# ## Sur quoi cela repose
#
# - Toute requête prête est entendue à son quatrième mois, quelles que soient les places d'audience : le scénario compte les audiences qu'il faut, il ne dit
#   pas d'où viennent les juges ni les greffiers.
# - Pour deux mois, avis et rapports doivent aussi être réunis plus vite (quarante jours en moyenne) : c'est écrit dans le scénario.
# - L'attente de la référence vient d'un témoignage de magistrat, pas d'une statistique.
#
# ## Ce qui le renverserait
#
# - Une statistique nationale des délais qui montrerait que la plupart des requêtes sont déjà entendues dans le délai.
# - Une baisse du taux d'octroi quand les audiences se multiplient : le modèle garde la même manière de décider.

# %%
book.close()
