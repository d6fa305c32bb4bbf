"""Made records: a claim, its control, a crash, with any field replaced."""

from PIL import Image

from aelatent.inference.record import Record

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="70" height="20" viewBox="0 0 70 20">'
    '<circle cx="10" cy="10" r="5"/></svg>'
)

RULE = (
    "Supported when the 95 % interval over replicates lies above 0.8; refuted when it lies below; "
    "inconclusive otherwise."
)


def record(**fields):
    """Make a supported claim, with the given fields instead of its own."""
    values = {
        "id": "B-08",
        "name": "test_radius_peaks[faces_ae]",
        "title": "The radius density peaks near sqrt(N).",
        "source": '000 part 2 (11 Nov 2022), "Number density": 16.5.',
        "model": "faces_ae",
        "outcome": "supported",
        "expected": "supported",
        "file": "claims/a/test_radius.py",
        "effect": 0.931,
        "interval": (0.9, 0.96),
        "unit": "hit rate",
        "source_value": 1.03,
        "per_replicate": [0.92, 0.94],
        "rule": RULE,
        "sections": {"Statement": "Codes lie on a shell.", "Decision": RULE},
        "parts": [part()],
        "command": "pytest 'claims/a/test_radius.py::test_radius_peaks[faces_ae]'",
        "seconds": 2.5,
    }
    return Record(**(values | fields))


def control(**fields):
    """Make a control that says the opposite of the claim, as it must."""
    name = "test_control_untrained_decoders_fail[faces_ae]"
    values = {
        "name": name,
        "title": "Untrained decoders fail.",
        "source": "",
        "sections": {},
        "control": True,
        "outcome": "refuted",
        "expected": "refuted",
    }
    return record(**(values | fields))


def part(**fields):
    """Make one part of a claim."""
    values = {
        "effect": 0.931,
        "interval": [0.9, 0.96],
        "unit": "hit rate",
        "rule": RULE,
        "limits": [0.8, None],
        "outcome": "supported",
        "per_replicate": [0.92, 0.94],
        "pvalue": None,
    }
    return values | fields


def dependent(**fields):
    """Make a claim that is supported at its judge's threshold and refuted by a stricter reading."""
    numbers = {"strict": (0.5, [0.4, 0.6], "refuted"), "lenient": (0.95, [0.9, 0.99], "supported")}
    measured = {"threshold": (0.931, [0.9, 0.96], "supported"), **numbers}
    readings = [
        {
            "name": name,
            "outcome": outcome,
            "parts": [
                {
                    "effect": effect,
                    "interval": interval,
                    "outcome": outcome,
                    "per_replicate": interval,
                }
            ],
        }
        for name, (effect, interval, outcome) in measured.items()
    ]
    values = {"outcome": "inconclusive", "readings": readings, "depends_on": "judge"}
    return record(**(values | fields))


def crashed(**fields):
    """Make a claim that ended in a traceback."""
    values = {
        "name": "test_crash[faces_ae]",
        "title": "A claim whose check breaks.",
        "outcome": "error",
        "effect": None,
        "interval": None,
        "source_value": None,
        "per_replicate": [],
        "parts": [],
        "rule": "",
        "message": "Traceback (most recent call last):\n  ValueError: no data",
    }
    return record(**(values | fields))


def known(**fields):
    """Make what is known of the errors of a claim's check."""
    rate = {"rate": 0.01, "interval": [0.005, 0.02]}
    values = {
        "name": "test_radius_peaks/shells_about_a_peak",
        "simulations": 1000,
        "stale": False,
        "false_support": rate,
        "false_refutation": rate,
        "power": rate | {"rate": 0.93},
        "coverage": rate | {"rate": 0.95},
    }
    return values | fields


def many(claims, models):
    """Make so many claims on so many models, with a control and two figures each."""
    made = []
    for i in range(claims):
        shared = {
            "id": f"{'ABCD'[i % 4]}-{i // 4:03}",
            "file": f"claims/a/test_claim_{i}.py",
            "source": f"00{i % 4}, section {i}.",
            "title": f"Codes do the thing number {i}.",
        }
        made += [_run(i, j, shared) for j in range(models)]
        made.append(
            control(
                file=shared["file"], id=shared["id"], model="analytic", name=f"test_control_of_{i}"
            )
        )
    return made


def _run(i, j, shared):
    model = f"{('faces', 'digits')[j % 2]}_{('ae', 'vae')[j // 2 % 2]}_{2**j}d"
    outcome = ("supported", "refuted", "inconclusive")[(i + j // 3) % 3]
    values = [0.9 + 0.01 * ((i + j + k) % 7) for k in range(5)]
    measured = part(outcome=outcome, per_replicate=values)
    return record(
        **shared,
        name=f"test_claim_{i}[{model}]",
        model=model,
        models=[model],
        outcome=outcome,
        expected=outcome,
        because="of what was seen",
        parts=[measured, measured],
        per_replicate=values,
        calibration=[known()],
        pvalue=0.02,
        figures=["figures/peak.svg", "figures/draws.webp"],
        alternatives=["All replicates lie near 0.93.", "Decoded draws."],
    )


def furnish(folder):
    """Draw the figures that made records name into a report's folder, and return it."""
    (folder / "figures").mkdir(parents=True)
    (folder / "figures" / "peak.svg").write_text(SVG)
    Image.new("RGB", (640, 480), "gray").save(folder / "figures" / "draws.webp")
    return folder
