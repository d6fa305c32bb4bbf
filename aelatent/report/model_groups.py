"""Models gathered under what they are: few columns where there are many models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aelatent.inference.rules import Outcome
from aelatent.report.arrangement import Claim
from aelatent.report.claim_view import tally
from aelatent.report.project import Project
from aelatent.report.topics import ANALYTIC, Topic, columns, columns_of

NO_MODEL = "No model"
MOST = 9  # columns; what more there would be shares the last one
OTHERS = "Others"


@dataclass(frozen=True)
class ModelGroup:
    """Models of one kind.

    Attributes
    ----------
    name : str
    models : tuple of str
        Those that most claims are about first.
    """

    name: str
    models: tuple[str, ...]

    def of(self, topic: Topic) -> list[Claim]:
        """Return the claims of a topic about any of these models, each once."""
        wanted = set(self.models)
        return [c for c in topic.claims if wanted & set(columns_of(c.record))]

    def tally(self, topic: Topic) -> list[tuple[Outcome, int]]:
        """Count the outcomes of a topic on these models."""
        return tally(self.of(topic))


def model_groups(found: Sequence[Topic], project: Project) -> list[ModelGroup]:
    """Gather all models of the topics; those of which most is known first, no model last.

    A model that the project does not know belongs to the group that the first two words of its name
    give.

    Parameters
    ----------
    found : sequence of Topic
        All topics of the run.
    project : Project

    Returns
    -------
    list of ModelGroup
        At most nine, and one for claims without a model.
    """
    members: dict[str, list[str]] = {}
    for model in columns(found):
        members.setdefault(model_group_of(model, project), []).append(model)
    # A stable sort: groups with the same subject stand side by side.
    subjects = list(dict.fromkeys(name.partition(" ")[0] for name in members))
    names = sorted(members, key=lambda n: (n == NO_MODEL, subjects.index(n.partition(" ")[0])))
    if len(names) > MOST:
        rest = [name for name in names[MOST - 1 :] if name != NO_MODEL]
        members[OTHERS] = [model for name in rest for model in members[name]]
        names = [name for name in names if name not in rest]
        names.insert(MOST - 1, OTHERS)
    return [ModelGroup(name, tuple(members[name])) for name in names]


def model_group_of(model: str, project: Project) -> str:
    """Return the name of a model's group.

    Parameters
    ----------
    model : str
        Its name.
    project : Project

    Returns
    -------
    str

    Examples
    --------
    >>> model_group_of("faces_ae_256d_bn", Project()), model_group_of("vae", Project())
    ('faces ae', 'vae')
    """
    if model == ANALYTIC:
        return NO_MODEL
    if model in project.models:
        return project.models[model].group
    return " ".join(model.split("_")[:2])
