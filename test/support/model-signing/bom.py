"""Whether a file is a bill of materials by CycloneDX's own schema of 1.6: exits with 1, and what is wrong, where it is not.

bom.py FILE
"""

import sys
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(Path(sys.argv[1]).read_text("utf-8"))
if error is not None:
    sys.exit(str(error))
