"""Makes an empty virtual environment, and unpacks beside it the pip that ships with this Python.

    python new_environment.py ENVIRONMENT_FOLDER PIP_FOLDER

pip stays outside: installing it into the environment takes longer (5 s) than all the rest of an empty one (0.1 s).
Exits with 3, and one line on stderr, when this Python has no venv or no pip to unpack.
"""

from __future__ import annotations

import glob
import os
import sys
import sysconfig

NOT_COMPLETE = 3


def main(environment: str, pip_folder: str) -> None:
    try:
        import ensurepip
        import venv
        import zipfile
    except ImportError as error:
        fail("%s has no module %s" % (sys.executable, error.name))
    wheels = []
    for folder in (sysconfig.get_config_var("WHEEL_PKG_DIR"), os.path.join(os.path.dirname(ensurepip.__file__), "_bundled")):
        if folder:
            wheels += sorted(glob.glob(os.path.join(folder, "pip-*.whl")))
    if not wheels:
        fail("%s ships no pip" % sys.executable)
    venv.EnvBuilder(symlinks=os.name != "nt", with_pip=False).create(environment)
    with zipfile.ZipFile(wheels[0]) as wheel:
        wheel.extractall(pip_folder)


def fail(reason: str) -> None:
    print(reason, file=sys.stderr)
    sys.exit(NOT_COMPLETE)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
