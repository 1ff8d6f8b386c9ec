"""Makes an empty virtual environment, and unpacks the pip that ships with this Python where it is not unpacked yet.

    python new_environment.py ENVIRONMENT_FOLDER STAGING_FOLDER PIP_FOLDER

pip stays outside of the environment: installing it there takes longer (5 s) than all the rest of an empty one (0.1 s).
It is unpacked in the staging folder and renamed, so PIP_FOLDER is complete when it is there; it keeps its bytecode for
the next environment. Exits with 3, and one line on stderr, when this Python has no venv or no pip to unpack.
"""

import glob
import os
import sys
import sysconfig

NOT_COMPLETE = 3


def main(environment: str, staging: str, pip_folder: str) -> None:
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
    if os.path.isdir(pip_folder):
        return
    with zipfile.ZipFile(wheels[0]) as wheel:
        wheel.extractall(staging)
    os.makedirs(os.path.dirname(pip_folder), exist_ok=True)
    try:
        os.rename(staging, pip_folder)
    except OSError:
        # Another build was faster.
        if not os.path.isdir(pip_folder):
            raise


def fail(reason: str) -> None:
    print(reason, file=sys.stderr)
    sys.exit(NOT_COMPLETE)


if __name__ == "__main__":
    main(*sys.argv[1:4])
