"""Walls around a process that loads a model file: which files it reaches, no network, no programs, so much memory (Linux).

`enter` is called once, by the guard, before anything but Python's own modules is imported; there is no way back for this
process and whatever it starts. Each wall is tried after it stands, so what is said to be in force was measured.
"""

import errno
import os
import sys

from predictable_bridge.sandbox import landlock, limits, namespace, places, seccomp, semaphores

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict

# Nothing holds: another system, or an interpreter that loads no models.
NOTHING = {"files": False, "network": False, "exec": False, "memory": False}


def enter(policy: "Dict[str, Any]") -> "Dict[str, bool]":
    """What is in force afterwards.

    `policy`: `profile` (`python`, `java` or `node`), `folder` (the run folder: `in` is read, `tmp`, `home` and `out` are
    written), `own` and `read` (folders of our code, and further files and folders), `program` (of `node`: what is started) and `memory` (bytes).
    """
    if not sys.platform.startswith("linux"):
        return NOTHING
    profile = policy["profile"]
    home(policy["folder"])
    own_network = profile == "java" and namespace.enter()
    memory = limits.set_all(policy["memory"])
    limits.drop_capabilities(keep_reading=places.of_others(policy))
    limits.no_new_privileges()
    abi = landlock.restrict(places.allowed(policy), tcp=profile != "java")
    semaphores.install()
    filtered = seccomp.install(profile, truncate=abi >= landlock.ABI_TRUNCATE)
    return {
        "files": abi >= landlock.ABI_TRUNCATE and filtered and not listable("/"),
        "network": own_network if profile == "java" else filtered and not connectable(),
        "exec": filtered and (abi > 0 or profile == "python"),
        "memory": memory,
    }


def home(folder: str) -> None:
    """Everything that is written without a name of its own lands in the run folder."""
    temporary = os.path.join(folder, "tmp")
    os.environ.update({"HOME": os.path.join(folder, "home"), "TMPDIR": temporary, "TMP": temporary, "TEMP": temporary})
    os.environ["PREDICTABLE_KEPT"] = os.path.join(folder, "kept")
    for name in ("XDG_CACHE_HOME", "XDG_RUNTIME_DIR", "USERPROFILE"):
        os.environ.pop(name, None)
    # A framework that names a folder after its user must not ask /etc/passwd.
    os.environ.update({"USER": "predictable", "LOGNAME": "predictable"})
    os.chdir(temporary)


def listable(folder: str) -> bool:
    try:
        os.listdir(folder)
    except OSError as error:
        return error.errno != errno.EACCES
    return True


def connectable() -> bool:
    import _socket

    try:
        _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM).close()
    except OSError as error:
        return error.errno != errno.EPERM
    return True
