"""A network of one's own: loopback, which Python and Spark's Java talk over, and nothing else."""

import ctypes
import fcntl
import os
import struct

# From <linux/sched.h>, <linux/sockios.h> and <linux/if.h>.
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SIOCGIFFLAGS, SIOCSIFFLAGS = 0x8913, 0x8914
IFF_UP = 1
REQUEST = "16sH22x"


def enter() -> bool:
    """Whether this process is in a network namespace with loopback up. Root needs no user namespace for it, others do."""
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.getuid(), os.getgid()
    if libc.unshare(CLONE_NEWNET) != 0:
        if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
            return False
        for name, text in (("setgroups", "deny"), ("uid_map", "%d %d 1" % (user, user)), ("gid_map", "%d %d 1" % (group, group))):
            try:
                with open("/proc/self/" + name, "w") as file:
                    file.write(text)
            except OSError:
                return False
    return loopback_up()


def loopback_up() -> bool:
    import socket

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as device:
        try:
            answer = fcntl.ioctl(device, SIOCGIFFLAGS, struct.pack(REQUEST, b"lo", 0))
            _, flags = struct.unpack(REQUEST, answer)
            fcntl.ioctl(device, SIOCSIFFLAGS, struct.pack(REQUEST, b"lo", flags | IFF_UP))
        except OSError:
            return False
    return True
