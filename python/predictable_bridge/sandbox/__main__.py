"""Prints which walls stand around this process, as JSON: for doctor, which starts it through the guard."""

import os

print(os.environ.get("PREDICTABLE_SANDBOX_IN_FORCE", "null"))
