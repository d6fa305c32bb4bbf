"""Every kind of replicate answers what claims may ask."""

import pytest

from aelatent.audit.adapter import AuditedReplicate
from aelatent.simulation.simulated_models import SimulatedReplicate
from aelatent.zoo import Replicate, ReplicateLike

ASKED = {name for name in vars(ReplicateLike) if not name.startswith("_")}


@pytest.mark.parametrize("kind", [Replicate, AuditedReplicate, SimulatedReplicate])
def test_a_replicate_has_all_that_claims_may_ask(kind):
    assert ASKED
    assert ASKED - {*dir(kind), *kind.__dataclass_fields__} == set()
