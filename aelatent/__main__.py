"""`python -m aelatent`."""

import sys

from aelatent.cli import main

sys.exit(main())
