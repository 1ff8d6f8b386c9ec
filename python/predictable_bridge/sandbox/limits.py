"""Limits of one process, and no privileges: what root may, and what a program with the setuid bit would get."""

import ctypes
import os
import resource

GIBIBYTE = 2**30

# Of one file: the largest model that converts has 2 GB.
LARGEST_FILE = 16 * GIBIBYTE
DESCRIPTORS = 4096

# From <linux/prctl.h> and <linux/capability.h>.
PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 24, 38, 47, 4
CAPABILITY_VERSION_3 = 0x20080522
CAP_DAC_READ_SEARCH = 2
CAPABILITIES = 64


def set_all(memory: "int") -> bool:
    """`memory`: bytes of data, RLIMIT_DATA: RLIMIT_AS would count what Java only reserves. Whether it holds."""
    lower(resource.RLIMIT_CORE, 0)
    lower(resource.RLIMIT_FSIZE, LARGEST_FILE)
    lower(resource.RLIMIT_NOFILE, DESCRIPTORS)
    lower(resource.RLIMIT_DATA, memory)
    return 0 < resource.getrlimit(resource.RLIMIT_DATA)[1] <= memory


def lower(limit: int, to: int) -> None:
    _, hard = resource.getrlimit(limit)
    if hard == resource.RLIM_INFINITY or hard > to:
        resource.setrlimit(limit, (to, to))
    else:
        resource.setrlimit(limit, (hard, hard))


def drop_capabilities(keep_reading: bool) -> None:
    """Root without its powers is the owner of its files; `keep_reading`: but for reading those of others, within the walls."""
    libc = ctypes.CDLL(None, use_errno=True)
    kept = 1 << CAP_DAC_READ_SEARCH if keep_reading and os.geteuid() == 0 else 0
    libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    for capability in range(CAPABILITIES):
        if not kept >> capability & 1:
            libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    # Effective, permitted, inheritable of the first 32, then of the others.
    sets = (ctypes.c_uint32 * 6)(kept, kept, 0, 0, 0, 0)
    libc.capset(header, sets)


def no_new_privileges() -> None:
    ctypes.CDLL(None).prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
