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
# # Moins de détention à domicile (DDSE) : où vont ces personnes ?

# %%
from sim.presentation.notebook import NotebookReport

book = NotebookReport("03_fewer_ddse")
book.answer(
    needs=["fewer_ddse"],
    fr="""Trois DDSE sur dix en moins changent le nombre de personnes détenues de [[fewer_ddse · detained]] et la part de sorties sèches de [[fewer_ddse · dry_rate]]. Les personnes sous DDSE changent de [[fewer_ddse · on_DDSE]] ; celles en semi-liberté de [[fewer_ddse · on_SL]].""",
    en="""Three DDSE in ten fewer change the number of people detained by [[fewer_ddse · detained]] and the share of dry releases by [[fewer_ddse · dry_rate]]. People on a DDSE change by [[fewer_ddse · on_DDSE]]; those in semi-liberty by [[fewer_ddse · on_SL]].""",
)

# %% [markdown]
# ## Personnes détenues

# %%
book.policies(
    ["fewer_ddse", "fewer_ddse_from_court", "fewer_ddse_from_custody", "from_ddse_to_pe_and_sl", "ddse_capped"], "detained"
)

# %% [markdown]
# ## Sorties, mesures, occupation, coût

# %%
book.table(
    ["fewer_ddse", "fewer_ddse_from_court", "fewer_ddse_from_custody", "from_ddse_to_pe_and_sl", "ddse_capped"],
    ["dry_rate", "dry_releases", "detained", "density", "entries", "on_DDSE", "on_SL", "on_PE", "late", "cost"],
)

# %% [markdown]
# ## Les causes

# %%
book.causes(["fewer_ddse", "fewer_ddse_from_court", "fewer_ddse_from_custody", "from_ddse_to_pe_and_sl", "ddse_capped"])

# %% [markdown]
# ## Qui change de voie, personne par personne
#
# Les mêmes personnes, avec le même hasard, avec et sans la mesure : combien changent de voie de sortie par an.

# %%
book.routes("fewer_ddse")

# %% [markdown]
# ## Sur quoi cela repose
#
# - Ce que deviennent les DDSE supprimées est écrit dans le scénario : prononcées par le tribunal ou avant l'écrou, elles deviennent des peines
#   exécutées ; depuis la détention, d'autres demandes, à proportion.
# - Le plafond compte toutes les DDSE mais ne ferme que celles qu'on accorde en détention : celles décidées en liberté ou par le tribunal prennent
#   la place qui se libère. Les personnes écartées vont à la semi-liberté ou au placement à l'extérieur dans les parts écrites dans le scénario.
# - Une DDSE coûte peu et n'occupe pas de place : la supprimer remplit les cellules avant de changer les sorties.
#
# ## Ce qui le renverserait
#
# - Des tribunaux qui, privés de DDSE, prononceraient une peine sans écrou plutôt qu'une peine exécutée : l'effet sur la détention s'inverserait.

# %%
book.close()
