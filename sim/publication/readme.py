"""The ``README.md`` of a published run, in one language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from sim.dates import iso

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.publication.package import Licence
    from sim.records.run_folder import RunFolder

_TEXT = {
    "en": """# {title}

A run of sortie, an open simulation of how people leave French prisons. **Everything here is simulated: nobody in these
tables exists**, and nothing in them says what a given person, court or prison did.

| | |
| --- | --- |
| scenario | `{scenario}` (`scenario.yaml`, SHA-256 `{digest}`) |
| software | sortie {version}, code `{source}` |
| run | `{run}`, seed {seed}, {replications} replications |
| window | {start} to {end}, measured from {measured} |
| people | {fraction} of the country; each stands for {weight} |
| licence | [{licence}]({address}) |
| authors | {authors} |

Made from tables published by the French Ministry of Justice and others under the Licence Ouverte 2.0, which asks that the
source be named.

## What is in it

- `indicators.csv`: every indicator of every replication; `indicators-dictionary.csv` says what each is and its unit;
- `replications/NNN/*.parquet`: {tables};
- `schemas/`: for each table, every column with its type, unit, meaning and the names behind its codes;
- `datapackage.json` (Frictionless Data Package) and `ro-crate-metadata.json` (RO-Crate): the same for programs, with the
  SHA-256 of each file;
- `manifest.json`: who made the run, with which machine and versions.

The folder is a run still: `sim.open_run("FOLDER")` in Python, or any reader of Parquet.

## The same numbers again

With sortie {version} and this code: `sortie run scenario.yaml --seed {seed} --replications {replications}`.
""",
    "fr": """# {title}

Un calcul de sortie, simulation ouverte des sorties de prison en France. **Tout est simulé : personne, dans ces tables,
n'existe**, et rien n'y dit ce qu'a fait telle personne, telle juridiction ou telle prison.

| | |
| --- | --- |
| scénario | `{scenario}` (`scenario.yaml`, SHA-256 `{digest}`) |
| logiciel | sortie {version}, code `{source}` |
| calcul | `{run}`, graine {seed}, {replications} réplications |
| fenêtre | du {start} au {end}, mesuré à partir du {measured} |
| personnes | {fraction} du pays ; chacune en vaut {weight} |
| licence | [{licence}]({address}) |
| auteurs | {authors} |

Fait à partir de tableaux publiés par le ministère de la justice et d'autres sous Licence Ouverte 2.0, qui demande que la
source soit nommée.

## Ce qu'il contient

- `indicators.csv` : chaque indicateur de chaque réplication ; `indicators-dictionary.csv` dit ce qu'est chacun et son unité ;
- `replications/NNN/*.parquet` : {tables} ;
- `schemas/` : pour chaque table, chaque colonne avec son type, son unité, son sens et les noms derrière ses codes ;
- `datapackage.json` (Frictionless Data Package) et `ro-crate-metadata.json` (RO-Crate) : la même chose pour les programmes,
  avec le SHA-256 de chaque fichier ;
- `manifest.json` : qui a fait le calcul, avec quelle machine et quelles versions.

Le dossier reste un calcul : `sim.open_run("DOSSIER")` en Python, ou n'importe quel lecteur de Parquet.

## Refaire les mêmes nombres

Avec sortie {version} et ce code : `sortie run scenario.yaml --seed {seed} --replications {replications}`.
""",
}


def readme(run: RunFolder, licence: Licence, authors: Sequence[str], lang: Literal["en", "fr"]) -> str:
    """Return the text of ``README.md``."""
    told = run.manifest
    tables = sorted({name.removesuffix(".parquet") for files in told.replications.values() for name in files})
    weight = f"{1 / told.sampling_fraction:.6g}"
    fraction = f"{100 * told.sampling_fraction:.6g} %"
    if lang == "fr":
        weight, fraction = weight.replace(".", ","), fraction.replace(".", ",")
    return _TEXT[lang].format(
        title=told.title.get(lang) or told.title.get("en") or run.scenario,
        scenario=run.scenario,
        digest=told.digest,
        version=told.version,
        source=told.source,
        run=run.run_id,
        seed=told.seed,
        replications=len(run.replications),
        start=iso(told.start_day),
        end=iso(told.end_day),
        measured=iso(told.measure_from_day),
        fraction=fraction,
        weight=weight,
        licence=licence.title,
        address=licence.path,
        authors=", ".join(authors) or "–",
        tables=", ".join(f"`{name}`" for name in tables),
    )
