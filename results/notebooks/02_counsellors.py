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
# # Plus de conseillers (CPIP) : combien de sorties sèches en moins ?

# %%
from sim.presentation.notebook import NotebookReport

book = NotebookReport("02_counsellors")
book.answer(
    needs=["fill_vacant_posts"],
    fr="""Pourvoir les 700 postes vacants change la part de sorties sèches de [[fill_vacant_posts · dry_rate]]. Le motif « pas de conseiller » change de [[fill_vacant_posts · NO_COUNSELLOR]] sorties par an et le motif « pas entendu à temps » de [[fill_vacant_posts · NOT_HEARD]]"""
    + book.when(
        "fill_vacant_posts", "NOT_HEARD", "higher", """ : la file se déplace des conseillers vers les juges.""", """."""
    ),
    en="""Filling the 700 vacant posts changes the share of dry releases by [[fill_vacant_posts · dry_rate]]. The cause "no counsellor" changes by [[fill_vacant_posts · NO_COUNSELLOR]] releases a year and "not heard in time" by [[fill_vacant_posts · NOT_HEARD]]"""
    + book.when("fill_vacant_posts", "NOT_HEARD", "higher", """: the queue moves from counsellors to judges.""", """."""),
)

# %% [markdown]
# ## Part de sorties sèches, selon le renfort

# %%
book.policies(
    [
        "fill_vacant_posts",
        "recruit_1500_counsellors",
        "caseload_limit_60",
        "caseload_limit_40",
        "caseload_limit_30",
        "caseload_limit_60_same_posts",
        "one_counsellor_per_30_in_units",
    ]
)

# %% [markdown]
# ## Où passe le temps gagné
#
# Plus de conseillers, c'est d'abord un nom plus tôt et un dossier prêt plus tôt ; puis le dossier attend l'audience.

# %%
book.table(
    ["fill_vacant_posts", "recruit_1500_counsellors", "caseload_limit_60", "caseload_limit_40", "caseload_limit_30"],
    ["dry_rate", "caseload", "no_counsellor", "files", "requests", "wait", "late", "cost"],
)

# %% [markdown]
# ## Les causes, une par une

# %%
book.causes(["fill_vacant_posts", "recruit_1500_counsellors", "caseload_limit_60", "caseload_limit_40"])

# %% [markdown]
# ## Une limite sans poste
#
# Limiter la charge sans recruter fait attendre les autres : c'est l'avant-dernière ligne de la première figure.

# %%
book.say(
    """Sans poste de plus, la limite de 60 change la part de sorties sèches de [[caseload_limit_60_same_posts · dry_rate]] et le nombre de personnes sans conseiller de [[caseload_limit_60_same_posts · no_counsellor]]."""
)

# %% [markdown]
# ## Pourquoi les limites mordent malgré les postes
#
# Les postes qui accompagnent une limite sont comptés une fois pour toutes, sur les personnes détenues en octobre 2025.

# %%
book.say(
    """La référence compte [[baseline · detained · level]] personnes détenues en moyenne sur la période mesurée : au-delà du nombre sur lequel les postes ont été comptés, chacun atteint sa limite et les arrivants attendent un nom. La limite la plus basse change ainsi le nombre de personnes sans conseiller de [[caseload_limit_30 · no_counsellor]], la plus haute de [[caseload_limit_60 · no_counsellor]]. Des postes qui suivraient la population donneraient un autre résultat : ce n'est pas ce que ces scénarios disent."""
)

# %% [markdown]
# ## Sur quoi cela repose
#
# - La part des conseillers en milieu fermé, environ un quart : les postes vacants sont répartis au prorata.
# - Les heures qu'un dossier demande et celles qu'un conseiller a pour lui : aucune étude de temps n'existe en France (HYP-68
#   `practices.files.hours`, HYP-27 `means.probation_service.follow_up_hours`).
# - Les postes promis aux structures d'accompagnement (SAS) et à InSERRE sont répartis entre tous les établissements : la figure mesure ces postes, pas le
#   taux d'encadrement dans ces structures.
# - Les places d'audience du juge, inchangées ici : c'est pourquoi le gain s'arrête à sa porte.
#
# ## Ce qui le renverserait
#
# - Une étude de temps qui montrerait que les conseillers, une fois renforcés, préparent des dossiers mieux accordés et pas seulement plus tôt.
# - Des juges qui ouvriraient des audiences à mesure que les dossiers arrivent : le modèle ne le suppose pas.

# %%
book.close()
