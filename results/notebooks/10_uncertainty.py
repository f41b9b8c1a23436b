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
# # Ce qui fait l'incertitude, et la statistique qui manque le plus

# %%
from sim.presentation.notebook import NotebookReport

book = NotebookReport("10_uncertainty")
book.answer(
    needs=["fill_vacant_posts"],
    fr="""Pour les 700 postes vacants, la différence de part de sorties sèches est de [[fill_vacant_posts · dry_rate]]. La valeur la moins connue qui pèse sur elle est le nombre d'audiences du juge en détention, que personne ne publie : la figure montre combien la part de sorties sèches en dépend.""",
    en="""For the 700 vacant posts the difference in the share of dry releases is [[fill_vacant_posts · dry_rate]]. The least known value behind it is the number of hearings in prison, which nobody publishes: the figure shows how much the share depends on it.""",
)

# %% [markdown]
# ## La part de sorties sèches selon le nombre d'audiences

# %%
book.curve("hearings", "dry_rate_exits")

# %% [markdown]
# ## Ce que chaque valeur incertaine déplace, seule, d'un bout à l'autre de sa plage

# %%
book.reach("dry_2024")

# %% [markdown]
# ## Hasard ou hypothèses
#
# Quand les valeurs incertaines ont été tirées dans leur plage, la part de la variance d'une différence qui vient d'elles ; sinon, une phrase le dit.

# %%
book.shares_of_uncertainty()

# %% [markdown]
# ## Trois hypothèses causales sur la recondamnation, toujours ensemble

# %%
book.reconviction(["fill_vacant_posts", "no_release_as_of_right", "hearings_within_four_months"])

# %% [markdown]
# ## Sur quoi cela repose
#
# - Les plages des hypothèses, dans [la table des paramètres](../../docs/parameters.md) et [le journal des hypothèses](../../docs/assumptions.md).
# - Les tirages les prennent indépendantes : deux hypothèses fausses ensemble ne sont pas couvertes.
#
# ## Ce qui le renverserait
#
# - Les trois statistiques à publier d'abord, dans l'ordre : les requêtes, audiences et délais du juge de l'application des peines ; les taux d'octroi et de refus
#   par mesure ; les retraits et révocations. Chacune existe dans les logiciels du ministère ([lacunes](../../docs/evidence/figures.md)).

# %%
book.close()
