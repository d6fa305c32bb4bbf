"""Packaged claims, run in a subprocess."""

import numpy as np
import pytest

from aelatent.audit import description, measuring
from aelatent.audit.claims_subprocess import MEASURED, run_claims


@pytest.mark.slow
def test_two_workers_come_to_the_verdicts_of_one(describe, home):
    np.save(home / "codes.npy", np.random.default_rng(0).normal(size=(900, 16)))
    spec = description.read(describe(encoder=None, decoder=None, images=None, codes="codes.npy"))
    (home / MEASURED).write_bytes(measuring.measure(spec).pack())
    shares = []

    def found(workers):
        shares.clear()
        records = run_claims(
            spec, home, ["A-08", "B-08"], workers, lambda _, done, __: shares.append(done)
        )
        assert shares[0] == 0
        assert shares[-1] == 100
        return [(r.id, r.name, r.outcome, r.effect) for r in records]

    alone = found(1)
    assert len(alone) > 2
    assert found(2) == alone
