"""Write `claims/rules.lock`: `python -m tests.rules`, after the rules are committed."""

import sys

from tests.rules import lock

try:
    lock.write()
except lock.Unexplained as error:
    sys.exit(f"tests.rules: {error}")
