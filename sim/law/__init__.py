"""What the texts allow: dated, sourced rules of French sentence enforcement, and pure functions over them.

=======================  =========================================================================================
``texts/*.yaml``         one notion of law a file: values by date of effect, article, basis, reference, grade
``reading.py``           reads and checks those files (a mistake is reported with its file and line)
``statutes.py``          :class:`Statutes`: what is in force on a day; amendments of a scenario
``sentence.py``          the arithmetic of one sentence: served, remaining, half, two thirds, who decides
``remission.py``         reductions of sentence, before and from 2023
``adjustments/``         one file per sentence adjustment (*aménagement de peine*)
``sentencing.py``        the day of judgment; ``penalties.py``: what else may be pronounced
``procedure.py``         who decides, in what time, appeals; ``delays.py``: a simple delay by the name of its rule
``life_of_sentence.py``  the dated life of one sentence, with ``openings.py`` and ``grounds.py``
=======================  =========================================================================================

Nothing here draws a number at random, and nothing here knows the simulation: a jurist can check each function with a
pencil.
"""

from __future__ import annotations

from sim.law.sentence import Sentence, SentenceFacts
from sim.law.statutes import Amendment, Statutes, StatutesInForce

__all__ = ["Amendment", "Sentence", "SentenceFacts", "Statutes", "StatutesInForce"]
