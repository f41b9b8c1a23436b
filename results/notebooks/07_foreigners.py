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
# # Personnes étrangères et mesures d'éloignement

# %%
from sim.presentation.notebook import NotebookReport

book = NotebookReport("07_foreigners")
book.answer(
    needs=["baseline"],
    fr="""Dans la référence, [[baseline · foreign · level]] des sorties de personnes étrangères sont sèches, et [[baseline · removal · level]] de celles des personnes sous mesure d'éloignement, contre [[baseline · dry_rate · level]] en tout. Des avis toujours défavorables, pratique que dénonce la CGT insertion probation, changent la part de sorties sèches des personnes sous mesure d'éloignement de [[automatic_unfavourable_opinions · removal]] ; le juge reste libre de les suivre.""",
    en="""In the baseline, [[baseline · foreign · level]] of releases of foreigners are dry, and [[baseline · removal · level]] of those of people under a removal measure, against [[baseline · dry_rate · level]] in all. Opinions that are always unfavourable, a practice the CGT insertion probation denounces, change the dry share of people under a removal measure by [[automatic_unfavourable_opinions · removal]]; the judge remains free to follow them.""",
)

# %% [markdown]
# ## Ce que l'avis systématique changerait

# %%
book.policies(["automatic_unfavourable_opinions", "end_of_mandatory_adjustment"], "removal")

# %% [markdown]
# ## Tout le monde, personnes étrangères, personnes sous mesure d'éloignement

# %%
book.table(
    ["automatic_unfavourable_opinions", "end_of_mandatory_adjustment"], ["dry_rate", "foreign", "removal", "REMOVAL_MEASURE"]
)

# %% [markdown]
# ## Les causes

# %%
book.causes(["automatic_unfavourable_opinions"])

# %% [markdown]
# ## Sur quoi cela repose
#
# - Une personne étrangère sur trois environ est supposée sous mesure d'éloignement : aucun chiffre national n'a été trouvé.
# - Dans la référence, les avis sont déjà défavorables le plus souvent pour ces personnes (HYP-90 `practices.hearings.unfavourable_share_removal`) :
#   les rendre systématiques ne change que le reste. Le tract parle des permissions de sortir (`practices.leave.ordered_against`) ; le scénario
#   étend la pratique aux aménagements.
# - Le poids d'une telle mesure dans la décision du juge, et la part des éloignements exécutés à temps, sont des hypothèses.
# - Le projet « SURE » exclut les personnes sous interdiction du territoire ; le modèle ne les distingue des autres que pour les permissions.
#
# ## Ce qui le renverserait
#
# - Des juges qui suivraient toujours l'avis : dans le modèle il pèse, il ne lie pas.
# - Le nombre de personnes détenues sous OQTF ou sous interdiction du territoire, et le taux d'octroi qui leur est propre.

# %%
book.close()
