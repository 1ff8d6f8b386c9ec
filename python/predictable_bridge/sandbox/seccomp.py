"""The filter of system calls: an allow-list, as a program of the kernel's classic BPF."""

import ctypes
import errno
import os
import platform
import struct

from predictable_bridge.sandbox import syscalls

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, List, Tuple

    # Code, instructions to skip if true, if false, and a value.
    Instruction = Tuple[int, int, int, int]

PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2
ALLOW, ERRNO = 0x7FFF0000, 0x00050000
AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
# x86-64 has a second set of numbers, of the x32 ABI, from here on.
X32 = 0x40000000

# From <linux/bpf_common.h>.
LOAD, JUMP_EQUAL, JUMP_GREATER, JUMP_BITS, RETURN, AND = 0x20, 0x15, 0x25, 0x45, 0x06, 0x54
# Of struct seccomp_data: the number, the architecture, and the lower and upper halves of the arguments.
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16

# Every flag of clone() that makes a namespace.
NEW_NAMESPACES = 0x7E020000 | 0x80
SOCKET_TYPE, SOCK_STREAM = 0xF, 1
AF_INET, AF_INET6 = 2, 10


class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p)]


def install(profile: str, truncate: bool) -> bool:
    """Whether the filter stands for this thread and whatever it starts. `truncate`: Landlock holds truncate() itself."""
    machine = platform_machine()
    if machine not in syscalls.MACHINES:
        return False
    code = b"".join(struct.pack("HBBI", *each) for each in program(profile, machine, truncate, os.getpid()))
    buffer = ctypes.create_string_buffer(code, len(code))
    filtered = Program(len(code) // 8, ctypes.addressof(buffer))
    refused: int = ctypes.CDLL(None).prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(filtered), 0, 0)
    return refused == 0


def platform_machine() -> str:
    """Of this process: a 32-bit Python on a 64-bit kernel makes other system calls."""
    return os.uname().machine if struct.calcsize("P") == 8 else platform.machine() + " (32 bit)"


def program(profile: str, machine: str, truncate: bool, pid: int) -> "List[Instruction]":
    actions = actions_of(profile, machine, truncate)
    judged = syscalls.numbers(syscalls.FORBIDDEN + syscalls.JUDGED, machine)
    lines = [(LOAD, 0, 0, ARCHITECTURE), (JUMP_EQUAL, 1, 0, AUDIT_ARCH[machine]), refuse(errno.EPERM), (LOAD, 0, 0, NUMBER)]
    lines += [(JUMP_GREATER, 0, 1, X32 - 1), refuse(errno.ENOSYS)]
    lines += judge(judged["clone"], [(LOAD, 0, 0, argument(0)), (JUMP_BITS, 0, 1, NEW_NAMESPACES), refuse(errno.EPERM)])
    own = [(LOAD, 0, 0, argument(0)), (JUMP_EQUAL, 1, 0, 0), (JUMP_EQUAL, 0, 1, pid), allow(), refuse(errno.EPERM)]
    # With 0 for a process identifier, both mean this process and its group.
    lines += judge(judged["prlimit64"], own)
    # Unlike a datagram socket, a connected stream takes no address.
    pair = [(LOAD, 0, 0, argument(1)), (AND, 0, 0, SOCKET_TYPE), (JUMP_EQUAL, 1, 0, SOCK_STREAM), refuse(errno.EPERM)]
    lines += judge(judged["socketpair"], pair)
    if profile == "java":
        # Of the network, which is a namespace's: sockets that are files lie in no namespace.
        internet = [(LOAD, 0, 0, argument(0)), (JUMP_EQUAL, 2, 0, AF_INET), (JUMP_EQUAL, 1, 0, AF_INET6), refuse(errno.EPERM)]
        lines += judge(judged["socket"], internet)
    else:
        for name in ("kill", "tgkill"):
            lines += judge(judged[name], own)
    last = -1
    for first, end, action in ranges(actions):
        if first > last + 1:
            lines += [(JUMP_GREATER, 1, 0, first - 1), refuse(errno.ENOSYS)]
        lines += [(JUMP_GREATER, 1, 0, end), (RETURN, 0, 0, action)]
        last = end
    return [*lines, refuse(errno.ENOSYS)]


def actions_of(profile: str, machine: str, truncate: bool) -> "Dict[int, int]":
    """What is answered, by the number of the call; what is missing here is not known at all."""
    forbidden = syscalls.numbers(syscalls.FORBIDDEN, machine)
    actions = dict.fromkeys(syscalls.numbers(syscalls.ALLOWED, machine).values(), ALLOW)
    actions.update(dict.fromkeys(syscalls.numbers(syscalls.PRETENDED, machine).values(), ERRNO))
    actions.update(dict.fromkeys(forbidden.values(), ERRNO | errno.EPERM))
    actions.update({number: ERRNO | errno.EOPNOTSUPP for name, number in forbidden.items() if "xattr" in name})
    given = {"java": syscalls.OF_JAVA, "node": syscalls.OF_NODE, "python": []}[profile]
    actions.update(dict.fromkeys([forbidden[name] for name in given + (["truncate"] if truncate else [])], ALLOW))
    return actions


def ranges(actions: "Dict[int, int]") -> "List[Tuple[int, int, int]]":
    """Runs of neighbouring numbers with one action: (first, last, action)."""
    found: "List[Tuple[int, int, int]]" = []
    for number, action in sorted(actions.items()):
        if found and found[-1][1] == number - 1 and found[-1][2] == action:
            found[-1] = (found[-1][0], number, action)
        else:
            found.append((number, number, action))
    return found


def judge(number: int, body: "List[Instruction]") -> "List[Instruction]":
    """`body` for this call alone, which it allows in the end; the number is in the accumulator again for the others."""
    return [(JUMP_EQUAL, 0, len(body) + 1, number), *body, allow()]


def argument(index: int) -> int:
    """Where the lower half of an argument lies, on the little-endian machines that there are."""
    return ARGUMENTS + 8 * index


def allow() -> "Instruction":
    return (RETURN, 0, 0, ALLOW)


def refuse(error: int) -> "Instruction":
    return (RETURN, 0, 0, ERRNO | error)
