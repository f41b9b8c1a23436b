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
# # Plafond, courtes peines, projet « SURE » : combien de personnes détenues ?

# %%
from sim.presentation.notebook import NotebookReport

book = NotebookReport("08_population")
book.answer(
    needs=["population_cap_130", "end_of_mandatory_adjustment"],
    fr="""Un plafond de 130 % en maison d'arrêt change le nombre de personnes détenues de [[population_cap_130 · detained]]. Le projet « SURE », si la moitié des aménagements avant écrou disparaît, le change de [[end_of_mandatory_adjustment · detained]].""",
    en="""A cap at 130 % in remand prisons changes the number of people detained by [[population_cap_130 · detained]]. The « SURE » bill, if half the adjustments made before committal go, changes it by [[end_of_mandatory_adjustment · detained]].""",
)

# %% [markdown]
# ## Personnes détenues

# %%
book.policies(
    [
        "population_cap_130",
        "population_cap_100",
        "collective_remission",
        "short_sentences_to_probation",
        "end_of_mandatory_adjustment",
    ],
    "detained",
)

# %% [markdown]
# ## Occupation, entrées, sorties, coût

# %%
book.table(
    [
        "population_cap_130",
        "population_cap_100",
        "collective_remission",
        "short_sentences_to_probation",
        "end_of_mandatory_adjustment",
    ],
    ["detained", "density", "over_capacity", "entries", "dry_rate", "dry_releases", "late", "cost"],
)

# %% [markdown]
# ## Les causes

# %%
book.causes(
    [
        "population_cap_130",
        "population_cap_100",
        "collective_remission",
        "short_sentences_to_probation",
        "end_of_mandatory_adjustment",
    ]
)

# %% [markdown]
# ## Deux plafonds qui se ressemblent, et un taux qui baisse sans préparation
#
# Le plafond ne fait sortir que des personnes condamnées pour délit, sans mesure d'éloignement ni exclusion, à moins de six mois de la fin. Quand elles manquent, un
# plafond plus bas ne trouve personne de plus. Et comme chacune sort en libération conditionnelle, la part de sorties sèches baisse mécaniquement, sans qu'un
# projet de sortie ait été préparé.

# %%
book.say(
    """Le plafond de 130 % change le nombre de personnes détenues de [[population_cap_130 · detained]], celui d'une personne par place de [[population_cap_100 · detained]] ; la part de sorties sèches change de [[population_cap_130 · dry_rate]] et de [[population_cap_100 · dry_rate]]. Sous le plafond le plus bas, la densité moyenne des maisons d'arrêt est de [[population_cap_100 · density · level]] : tant qu'elle dépasse le plafond, c'est le nombre de personnes qui remplissent les conditions (`within_days`) qui borne l'effet, et non le plafond."""
)

# %% [markdown]
# ## Sur quoi cela repose
#
# - Ce que les tribunaux feraient de la liberté que « SURE » leur donne est inconnu : la moitié est une convention du scénario, pas une prévision.
# - Le plafond libère, sous libération conditionnelle, les personnes les plus proches de la fin ; s'il n'y en a pas assez, la prison reste au-dessus.
# - La grâce collective n'a lieu qu'une fois : la moyenne sur toute la période en montre un reste, non le mois qui suit.
# - Les courtes peines de comparution immédiate ne sont pas remplacées : les flux du modèle ne se choisissent pas par durée.
#
# ## Ce qui le renverserait
#
# - Un texte voté différent de l'avant-projet de juillet 2025.
# - Des juridictions qui incarcéreraient davantage parce que le plafond libère, ou moins parce que la place manque.

# %%
book.close()
