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
# # Pourquoi on sort sans rien : le registre des causes, politique par politique

# %%
from sim.presentation.notebook import NotebookReport

book = NotebookReport("09_ledger")
book.answer(
    needs=["baseline"],
    fr="""Sur [[baseline · dry_releases · level]] sorties sèches par an, [[baseline · DECLINED · level]] sont celles de personnes qui n'ont rien demandé, [[baseline · NOT_HEARD · level]] viennent d'une audience trop tardive et [[baseline · NO_HOUSING · level]] d'un logement qui manque. Aucune politique ne retire toutes les causes : lever l'une révèle la suivante.""",
    en="""Of [[baseline · dry_releases · level]] dry releases a year, people who ask for nothing are [[baseline · DECLINED · level]], hearings that come too late [[baseline · NOT_HEARD · level]] and missing lodging [[baseline · NO_HOUSING · level]]. No policy removes every cause: lifting one reveals the next.""",
)

# %% [markdown]
# ## Les causes dans la référence

# %%
book.causes_chart()

# %% [markdown]
# ## Ce que chaque politique déplace
#
# Chaque sortie sèche a une seule cause, l'étape où sa course contre la fin de peine a été perdue. Les colonnes s'ajoutent exactement.

# %%
book.causes(
    [
        "fill_vacant_posts",
        "caseload_limit_60",
        "hearings_within_four_months",
        "semi_liberty_1000_places",
        "external_places_times_2",
        "no_release_as_of_right",
        "work_for_all",
        "housing_first_decisions",
        "fewer_permissions",
        "fewer_ddse",
    ]
)

# %% [markdown]
# ## En tout

# %%
book.policies(
    [
        "fill_vacant_posts",
        "caseload_limit_60",
        "hearings_within_four_months",
        "semi_liberty_1000_places",
        "external_places_times_2",
        "no_release_as_of_right",
        "work_for_all",
        "housing_first_decisions",
        "fewer_permissions",
        "fewer_ddse",
    ],
    "dry_releases",
)

# %% [markdown]
# ## Sur quoi cela repose
#
# - La règle du registre : une sortie sèche est comptée à l'étape où la course a été perdue ([la course, expliquée](../../docs/background.md)).
# - La part des personnes qui ne demandent rien est une hypothèse (`population.person`, consentement).
#
# ## Ce qui le renverserait
#
# - Une enquête auprès des sortants qui dirait pourquoi ils n'ont pas eu, ou pas demandé, d'aménagement.

# %%
book.close()
