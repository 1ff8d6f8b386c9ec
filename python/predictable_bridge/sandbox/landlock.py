"""Landlock: which files this process and its children reach, whatever the permissions of their user.

Numbers and structures are those of <linux/landlock.h>; each ABI (Linux 5.13 is 1) adds rights, and handles what it adds.
"""

import ctypes
import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterable, Tuple

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
VERSION = 1
PATH_BENEATH = 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
REMOVE_DIR, REMOVE_FILE = 1 << 4, 1 << 5
MAKE_CHAR, MAKE_DIR, MAKE_REG, MAKE_SOCK = 1 << 6, 1 << 7, 1 << 8, 1 << 9
MAKE_FIFO, MAKE_BLOCK, MAKE_SYM = 1 << 10, 1 << 11, 1 << 12
REFER, TRUNCATE, IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15

READ = READ_FILE | READ_DIR
RUN = READ | EXECUTE
# Plain files, folders and links, which can also be renamed and removed; no devices, sockets or pipes, nothing to execute.
WRITE = READ | WRITE_FILE | TRUNCATE | REFER | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | MAKE_SYM
OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV

ABI_REFER, ABI_TRUNCATE, ABI_TCP, ABI_IOCTL, ABI_SCOPE = 2, 3, 4, 5, 6
BIND_AND_CONNECT_TCP = 0b11
ABSTRACT_SOCKETS_AND_SIGNALS = 0b11


class Ruleset(ctypes.Structure):
    _fields_ = [("files", ctypes.c_uint64), ("tcp", ctypes.c_uint64), ("scoped", ctypes.c_uint64)]


class PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32)]


def restrict(allowed: "Iterable[Tuple[str, int]]", tcp: bool) -> int:
    """Nothing but `allowed` (path, rights) from now on, and no TCP where `tcp`. Returns the ABI, 0 where there is no Landlock.

    PR_SET_NO_NEW_PRIVS must be set. A path that is not there is passed over.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    abi = max(0, libc.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), VERSION))
    if abi == 0:
        return 0
    handled = files_of(abi)
    ruleset = Ruleset(handled)
    ruleset.tcp = BIND_AND_CONNECT_TCP if abi >= ABI_TCP and tcp else 0
    ruleset.scoped = ABSTRACT_SOCKETS_AND_SIGNALS if abi >= ABI_SCOPE else 0
    size = 24 if abi >= ABI_SCOPE else 16 if abi >= ABI_TCP else 8
    rules = libc.syscall(CREATE_RULESET, ctypes.byref(ruleset), ctypes.c_size_t(size), 0)
    if rules < 0:
        return 0
    try:
        for path, rights in allowed:
            add(libc, rules, path, rights & handled)
        return abi if libc.syscall(RESTRICT_SELF, rules, 0) == 0 else 0
    finally:
        os.close(rules)


def files_of(abi: int) -> int:
    """Every right about files that this ABI knows."""
    newest = IOCTL_DEV if abi >= ABI_IOCTL else TRUNCATE if abi >= ABI_TRUNCATE else REFER if abi >= ABI_REFER else MAKE_SYM
    return (newest << 1) - 1


def add(libc: ctypes.CDLL, rules: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            rights &= OF_FILES
        # What Landlock takes no rule for, like some file systems of the kernel's own, stays out of reach.
        libc.syscall(ADD_RULE, rules, PATH_BENEATH, ctypes.byref(PathBeneath(rights, place)), 0)
    finally:
        os.close(place)
