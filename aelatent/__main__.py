"""`python -m aelatent`."""

import sys
from pathlib import Path

# `python -m` puts the working directory first, where a downloaded `numpy.py` may lie.
if not sys.flags.safe_path and Path(sys.path[0] or ".").resolve() != Path(__file__).parents[1]:
    sys.path.pop(0)

from aelatent.cli import main

sys.exit(main())
