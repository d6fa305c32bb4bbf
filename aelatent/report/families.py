"""Models gathered under what they are: few columns where there are many models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aelatent.inference.rules import Outcome
from aelatent.report.arrangement import Claim
from aelatent.report.guide import Guide
from aelatent.report.readings import tally
from aelatent.report.topics import ANALYTIC, Topic, columns, columns_of

NO_MODEL = "No model"
MOST = 9  # columns; what more there would be shares the last one
OTHERS = "Others"


@dataclass(frozen=True)
class Family:
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
        """Count what came of a topic on these models."""
        return tally(self.of(topic))


def families(found: Sequence[Topic], guide: Guide) -> list[Family]:
    """Gather all models of the topics; those of which most is known first, no model last.

    A model that the guide does not know is of the family that the first two words of its name tell.
    """
    members: dict[str, list[str]] = {}
    for model in columns(found):
        members.setdefault(family_of(model, guide), []).append(model)
    # A stable sort: families with the same subject stand side by side.
    subjects = list(dict.fromkeys(name.partition(" ")[0] for name in members))
    names = sorted(members, key=lambda n: (n == NO_MODEL, subjects.index(n.partition(" ")[0])))
    if len(names) > MOST:
        rest = [name for name in names[MOST - 1 :] if name != NO_MODEL]
        members[OTHERS] = [model for name in rest for model in members[name]]
        names = [name for name in names if name not in rest]
        names.insert(MOST - 1, OTHERS)
    return [Family(name, tuple(members[name])) for name in names]


def family_of(model: str, guide: Guide) -> str:
    """Return the name of a model's family.

    Examples
    --------
    >>> family_of("faces_ae_256d_bn", Guide()), family_of("vae", Guide())
    ('faces ae', 'vae')
    """
    if model == ANALYTIC:
        return NO_MODEL
    if model in guide.models:
        return guide.models[model].family
    return " ".join(model.split("_")[:2])
