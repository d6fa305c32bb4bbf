"""Texts about claims and models for the report, from the project's settings and specifications."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import pytest

from aelatent.catalogue import Check
from aelatent.inference.record import Record
from aelatent.plugin.state import catalogue_of, citations_of, collection_of

if TYPE_CHECKING:
    from aelatent.catalogue import Catalogue
    from aelatent.report import Headline, Model, Project
    from aelatent.zoo.specification import Specification

KINDS = {"autoencoder": "AE", "vae": "VAE", "ablated": "VAE", "classifier": "classifier"}


def project_of(config: pytest.Config, records: Iterable[Record]) -> Project:
    """Return what the report tells about claims and models besides their results.

    Parameters
    ----------
    config : Config
    records : iterable of Record
        Of the claims; models that none of them is about are left out.

    Returns
    -------
    Project
    """
    from aelatent.report import Project

    records = list(records)
    catalogue = catalogue_of(config).updated(map(Check.of, records))
    return Project(
        sources=citations_of(config),
        catalogue=catalogue,
        statuses={name: entry.status for name, entry in catalogue.entries.items()},
        models=_models(config, {name for record in records for name in record.models}),
        headlines=[_headline(line) for line in config.getini("aelatent_headlines")],
        cover=config.getini("aelatent_cover"),
        upshot=_upshot(config.getini("aelatent_upshot"), catalogue),
        root=config.rootpath,
    )


def _headline(line: str) -> Headline:
    """Read a line such as "A-01 B-02: random draws give no faces"."""
    from aelatent.report import Headline

    identifiers, _, sentence = line.partition(":")
    return Headline(sentence.strip(), tuple(identifiers.split()))


def _upshot(sentence: str, catalogue: Catalogue) -> str:
    """Fill in the numbers of a sentence; return nothing where one is missing."""
    from aelatent.catalogue import SentenceError, fill

    try:
        return fill(sentence, "", catalogue.checks)
    except SentenceError:
        return ""


def _models(config: pytest.Config, names: set[str]) -> Mapping[str, Model]:
    """Describe the fixture models among `names`."""
    collection = collection_of(config)
    if config.getoption("--aelatent-subject"):
        return {}
    known = names & {*collection.names()}
    return {name: _model(collection.specification(name)) for name in sorted(known)}


def _model(described: Specification) -> Model:
    from aelatent import data
    from aelatent.report import Model

    family = f"{data.content(described.images).subject} {KINDS[described.objective.kind]}"
    return Model(described.title, family, described.images, len(described.seeds))
