"""Runs a Python script or module in a child that ends, with everything it started, as soon as our standard input closes.

    python guard.py SCRIPT [ARGUMENT...]
    python guard.py -m MODULE [ARGUMENT...]
    python guard.py --exec PROGRAM [ARGUMENT...]

Whoever starts us holds the other end of standard input and so decides over life and death: closing it, or being killed
in any way, ends the child, its process group and what has left that group. We end as the child ended: with its exit
status or by the same signal. Only what Python always has is imported, since this comes before every conversion.

Where the environment variable PREDICTABLE_SANDBOX holds a policy, the child is behind its walls (predictable_bridge.sandbox)
before it begins; PREDICTABLE_SANDBOX_IN_FORCE then tells it which of them stand.
"""

import os
import select
import signal
import sys

# Without its module, which takes longer to import than all others together.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, List, Optional, Set

# The child's own output, when that is a file, never grows beyond this; its newest part is kept.
LOG_LIMIT = 16 * 1024 * 1024
LOG_KEPT = 64 * 1024
LOG_CHECK_SECONDS = 1.0

# Descriptors that we were started with lie below this one.
OPEN_AT_START = 256

# From <linux/prctl.h>.
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


def main(arguments: "List[str]") -> None:
    if os.name == "posix":
        prctl = linux_prctl()
        # What leaves the child's group becomes our child when its parent dies, so that we can end it too.
        prctl(PR_SET_CHILD_SUBREAPER, 1)
        woken, wake = os.pipe()
        os.set_blocking(wake, False)
        # A full pipe wakes us as well; Python 3.6 has no word for it.
        signal.set_wakeup_fd(wake, **({} if sys.version_info < (3, 7) else {"warn_on_full_buffer": False}))
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: None)
        guard = os.getpid()
        child = os.fork()
        if child != 0:
            end_as(watch(child, woken, wake))
        become_child(guard, prctl, woken, wake)
    behind_walls()
    run(arguments)


def linux_prctl() -> "Callable[..., int]":
    """prctl(2), or a function that does nothing where there is none."""
    if not sys.platform.startswith("linux"):
        return lambda *_: 0
    import ctypes

    return ctypes.CDLL(None).prctl


def become_child(guard: int, prctl: "Callable[..., int]", woken: int, wake: int) -> None:
    """A session of its own, default signals, no standard input, and death together with the guard."""
    os.setsid()
    prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL))
    if os.getppid() != guard:
        os._exit(1)
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.close(woken)
    os.close(wake)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    be_first_to_go()


def be_first_to_go() -> None:
    """When memory runs out, Linux ends us before those who wait for us: they can report it, and start another."""
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("500")
    except OSError:
        return  # Another system, or not allowed here.


def watch(child: int, woken: int, wake: int) -> int:
    """Waits until the child has ended or must end, and ends what is left. Returns the child's wait status."""
    log = release_descriptors({woken, wake})
    status = None
    while status is None:
        readable, _, _ = select.select([0, woken], [], [], None if log is None else LOG_CHECK_SECONDS)
        status = reap(child)
        if log is not None:
            bound(log)
        if 0 in readable and not os.read(0, 4096):
            break
        if woken in readable and any(number != signal.SIGCHLD for number in os.read(woken, 4096)):
            break
    kill_group(child)
    while status is None:
        pid, ended = os.waitpid(-1, 0)
        status = ended if pid == child else None
    end_adopted()
    return status


def release_descriptors(own: "Set[int]") -> "Optional[int]":
    """Closes all that belongs to the child alone. Returns a descriptor of its log when its output goes to a file."""
    import stat

    log = os.dup(1) if stat.S_ISREG(os.fstat(1).st_mode) else None
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    for descriptor in set(range(3, OPEN_AT_START)) - own - {log}:
        try:
            os.close(descriptor)
        except OSError:
            continue  # It was not open.
    return log


def reap(child: int) -> "Optional[int]":
    """Collects children that have ended. Returns the wait status of the child when it is among them."""
    ended = None
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return ended
        if pid == 0:
            return ended
        if pid == child:
            ended = status


def kill_group(child: int) -> None:
    try:
        os.killpg(child, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        # Nothing is left in it, or it has not called setsid yet: then it has no children either.
        try:
            os.kill(child, signal.SIGKILL)
        except ProcessLookupError:
            return


def end_adopted() -> None:
    """Ends what left the child's group and became ours, again and again until nothing is left (Linux)."""
    while True:
        for pid in children():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def children() -> "List[int]":
    """Our children. Empty where the system does not tell."""
    try:
        with open("/proc/self/task/%d/children" % os.getpid()) as file:
            return [int(pid) for pid in file.read().split()]
    except OSError:
        return []


def bound(log: int) -> None:
    """Cuts a log that has grown too long down to its newest part; the child appends, so it goes on at the new end."""
    size = os.fstat(log).st_size
    if size <= LOG_LIMIT:
        return
    newest = os.pread(log, LOG_KEPT, size - LOG_KEPT)
    os.ftruncate(log, 0)
    os.write(log, newest)


def end_as(status: int) -> None:
    """Ends this process as the child ended."""
    if not os.WIFSIGNALED(status):
        os._exit(os.WEXITSTATUS(status))
    import resource

    number = os.WTERMSIG(status)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if number not in (signal.SIGKILL, signal.SIGSTOP):
        signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    os._exit(128 + number)


def behind_walls() -> None:
    """Where a policy says so. Our own code is compiled before, since nothing may be written beside it afterwards."""
    given = os.environ.pop("PREDICTABLE_SANDBOX", None)
    if given is None:
        return
    import json

    ours = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.path.insert(0, ours)
    from predictable_bridge import bytecode, sandbox

    policy = json.loads(given)
    for folder in policy["own"]:
        bytecode.refresh(folder)
    os.environ["PREDICTABLE_SANDBOX_IN_FORCE"] = json.dumps(sandbox.enter(policy))
    sys.path.remove(ours)


def run(arguments: "List[str]") -> None:
    """Goes on as the script or module, as if Python had been started with it."""
    if arguments[0] == "--exec":
        os.execv(arguments[1], arguments[1:])
    if arguments[0] == "-m":
        import runpy

        sys.argv = arguments[1:]
        # Neither our own neighbours nor what lies in the current folder: only what is installed or on PYTHONPATH.
        del sys.path[0]
        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
        return
    script = arguments[0]
    sys.argv = arguments
    sys.path[0] = os.path.dirname(os.path.abspath(script))
    with open(script, "rb") as file:
        code = compile(file.read(), script, "exec")
    exec(code, {"__name__": "__main__", "__file__": script, "__builtins__": __builtins__})


if __name__ == "__main__":
    main(sys.argv[1:])
