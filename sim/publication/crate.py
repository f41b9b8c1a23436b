"""RO-Crate 1.1: ``ro-crate-metadata.json``, which says in linked data who made a folder, with what, from what.

https://w3id.org/ro/crate/1.1; the run itself is told as a Process Run Crate has it (https://w3id.org/ro/wfrun/process).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.publication.package import Licence

METADATA = "ro-crate-metadata.json"
CONTEXT = "https://w3id.org/ro/crate/1.1/context"
CRATE = "https://w3id.org/ro/crate/1.1"
PROCESS_RUN = "https://w3id.org/ro/wfrun/process/0.5"
TERMS = "https://w3id.org/ro/terms/workflow-run/context"
SOFTWARE = "#sortie"

Entity = dict[str, Any]


def reference(identifier: str) -> dict[str, str]:
    """Return a reference to another entity of the graph, or to an address."""
    return {"@id": identifier}


def files(resources: Sequence[Mapping[str, Any]]) -> list[Entity]:
    """Return the entities of the files of a data package (:func:`sim.publication.package.resource`)."""
    return [
        {
            "@id": one["path"],
            "@type": "File",
            "name": one["title"],
            "encodingFormat": one["mediatype"],
            "contentSize": str(one["bytes"]),
            "sha256": str(one["hash"]).removeprefix("sha256:"),
        }
        for one in resources
    ]


def crate(
    about: Mapping[str, Any], parts: Sequence[Entity], others: Sequence[Entity], licence: Licence, *, run: bool = False
) -> dict[str, Any]:
    """Return the content of ``ro-crate-metadata.json``.

    Parameters
    ----------
    about
        Properties of the folder itself: ``name``, ``description``, ``datePublished`` …
    parts
        Its files.
    others
        Further entities: software, the action that made the files, who publishes them.
    run
        Whether it tells how the files were made (a Process Run Crate).
    """
    root: Entity = {
        "@id": "./",
        "@type": "Dataset",
        **about,
        "license": reference(licence.path),
        "hasPart": [reference(part["@id"]) for part in parts],
    }
    profiles: list[Entity] = []
    if run:
        root["conformsTo"] = [reference(PROCESS_RUN)]
        profiles = [{"@id": PROCESS_RUN, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"}]
        root["mentions"] = [reference(one["@id"]) for one in others if one["@type"] == "CreateAction"]
    descriptor = {
        "@id": METADATA,
        "@type": "CreativeWork",
        "about": reference("./"),
        "conformsTo": reference(CRATE),
    }
    terms = {"@id": licence.path, "@type": "CreativeWork", "name": licence.title, "identifier": licence.name}
    context = [CONTEXT, TERMS] if run else CONTEXT
    return {"@context": context, "@graph": [descriptor, root, *parts, *others, *profiles, terms]}
