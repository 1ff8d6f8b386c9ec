"""The files and folders that a process which loads models reaches: everything else is not there for it."""

import glob
import os
import sys

from predictable_bridge.sandbox.landlock import READ, RUN, WRITE, WRITE_FILE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Tuple

# Shared libraries, locales and time zones; where a distribution or package manager keeps all in one store, that store.
SYSTEM = (
    "/usr/lib",
    "/usr/lib32",
    "/usr/lib64",
    "/usr/local/lib",
    "/usr/local/lib64",
    "/lib",
    "/lib64",
    "/usr/share/locale",
    "/usr/share/zoneinfo",
    "/nix/store",
    "/gnu/store",
    "/home/linuxbrew/.linuxbrew",
    "/sys/devices/system",
    "/sys/fs/cgroup",
)
# Nothing here is anybody's secret; /etc as a whole has some, and for root to read.
SETTINGS = (
    "/etc/ld.so.cache",
    "/etc/ld.so.preload",
    "/etc/localtime",
    "/etc/timezone",
    "/etc/os-release",
    "/etc/ssl/openssl.cnf",
    "/etc/locale.alias",
    "/etc/mime.types",
)
PROC = (
    "/proc/self",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/stat",
    "/proc/version",
    "/proc/filesystems",
    "/proc/loadavg",
    "/proc/sys/vm",
    "/proc/sys/kernel/cap_last_cap",
    "/proc/sys/kernel/osrelease",
    "/proc/sys/kernel/pid_max",
    "/proc/sys/kernel/threads-max",
    "/proc/sys/kernel/random",
)
RANDOM = ("/dev/urandom", "/dev/random", "/dev/zero")

# Java asks /etc/passwd who it runs for, and Spark does not start without an answer; its processes have their own /proc/PID.
OF_JAVA = ("/etc/passwd", "/etc/group", "/etc/nsswitch.conf", "/etc/hosts", "/etc/host.conf", "/usr/share/java", "/proc")
# What Spark's launcher, a shell script, consists of.
LAUNCHER = ("/usr/bin/env", "/bin/bash", "/usr/bin/bash", "/usr/bin/dirname", "/bin/dirname")
LOADERS = ("/lib*/ld-linux*", "/lib/*/ld-linux*", "/lib/ld-*", "/usr/lib*/ld-linux*", "/usr/lib/*/ld-linux*")


def allowed(policy: "Dict[str, Any]") -> "List[Tuple[str, int]]":
    """Paths, and what may be done with them and with all that lies in them."""
    folder = policy["folder"]
    places = [(path, READ) for path in SYSTEM + SETTINGS + PROC + RANDOM]
    places += [(path, READ) for path in readable(policy)]
    places += [(os.path.join(folder, name), WRITE) for name in ("tmp", "home", "out", "kept")]
    places += [(os.path.join(folder, "in"), READ), ("/dev/null", READ | WRITE_FILE)]
    if policy["profile"] == "java":
        places += [(path, READ) for path in glob.glob("/etc/java*")] + [(path, READ) for path in OF_JAVA]
        places += [(path, RUN) for path in programs_of_java()]
    if policy["profile"] == "node":
        places += [(path, RUN) for path in [policy["program"], *loaders()]]
    return places


def readable(policy: "Dict[str, Any]") -> "List[str]":
    """This Python with its packages, the libraries that the user named, and what the policy says."""
    libraries = [path for path in os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep) if os.path.isabs(path)]
    given: "List[str]" = policy["own"] + policy["read"]
    return sorted({sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}) + libraries + given


def of_others(policy: "Dict[str, Any]") -> bool:
    """Whether root reads folders of another user, as with sudo: it needs a capability for it."""
    return any(os.path.exists(path) and os.stat(path).st_uid != os.geteuid() for path in readable(policy))


def programs_of_java() -> "List[str]":
    """The Java that JAVA_HOME or PATH names, and Spark's launcher."""
    folders = [os.path.join(os.environ[name], "bin") for name in ("JAVA_HOME",) if os.environ.get(name)]
    folders += os.environ.get("PATH", "").split(os.pathsep)
    javas = [os.path.realpath(os.path.join(folder, "java")) for folder in folders if folder]
    homes = [os.path.dirname(os.path.dirname(java)) for java in javas if os.path.isfile(java)]
    spark = glob.glob(os.path.join(sys.prefix, "lib", "python*", "site-packages", "pyspark", "bin"))
    return homes[:1] + spark + list(LAUNCHER) + loaders()


def loaders() -> "List[str]":
    """The dynamic loader, which the kernel executes for every program."""
    return sorted({path for pattern in LOADERS for path in glob.glob(pattern)})
