"""A converter that does what the code of a hostile model would: each action answers how it was refused, or what it got."""

import ctypes
import os
import shutil
import socket
import sys
import tempfile
import threading

libc = ctypes.CDLL(None, use_errno=True)


def convert(request):
    try:
        return globals()[request["does"]](request)
    except OSError as error:
        return {"refused": type(error).__name__}


def nothing(request):
    return None


def read_secret(request):
    with open(request["secret"]) as file:
        return file.read()


def read_secret_in_thread(request):
    found = []

    def read():
        try:
            found.append(read_secret(request))
        except OSError as error:
            found.append({"refused": type(error).__name__})

    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
    return found[0]


def read_secret_in_fork(request):
    """The child says by its status whether it got anything."""
    child = os.fork()
    if child == 0:
        try:
            read_secret(request)
            os._exit(1)
        except OSError:
            os._exit(0)
    status = os.waitpid(child, 0)[1]
    return {"refused": "in the child"} if status == 0 else "read"


def read_through_link(request):
    link = os.path.join(tempfile.mkdtemp(), "link")
    os.symlink(request["secret"], link)
    with open(link) as file:
        return file.read()


def read_through_hard_link(request):
    link = os.path.join(tempfile.mkdtemp(), "link")
    os.link(request["secret"], link)
    with open(link) as file:
        return file.read()


def read_through_proc(request):
    with open("/proc/self/root" + request["secret"]) as file:
        return file.read()


def read_parent_environment(request):
    with open("/proc/%d/environ" % os.getppid(), "rb") as file:
        return len(file.read())


def read_parent_memory(request):
    with open("/proc/%d/mem" % os.getppid(), "rb") as file:
        return len(file.read(1))


def read_shadow(request):
    with open("/etc/shadow") as file:
        return file.read()


def list_home(request):
    return os.listdir(os.path.expanduser("~" if os.environ["HOME"] == "" else "/root"))


def write_outside(request):
    with open(request["secret"], "w") as file:
        return file.write("evil")


def write_temporary(request):
    with open("/tmp/predictable-evil", "w") as file:
        return file.write("evil")


def write_code(request):
    with open(os.path.join(os.path.dirname(__file__), "evil.py"), "w") as file:
        return file.write("evil")


def truncate_outside(request):
    os.truncate(request["secret"], 0)
    return "truncated"


def write_model(request):
    with open(request["path"], "a") as file:
        return file.write("evil")


def replace_model(request):
    os.remove(request["path"])
    return "removed"


def open_socket(request):
    socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    return "opened"


def open_unix_socket(request):
    socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    return "opened"


def open_datagram_pair(request):
    socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    return "opened"


def run_program(request):
    os.execv("/bin/true", ["true"])


def run_own_program(request):
    program = os.path.join(tempfile.mkdtemp(), "program")
    shutil.copyfile("/proc/self/exe", program)
    os.execv(program, [program, "-c", "pass"])


def run_program_in_memory(request):
    if not hasattr(os, "memfd_create"):
        raise OSError("this Python has no memfd_create")
    descriptor = os.memfd_create("program")
    os.execv("/proc/self/fd/%d" % descriptor, ["program"])


def use_io_uring(request):
    parameters = ctypes.create_string_buffer(120)
    if libc.syscall(425, 4, parameters) < 0:
        raise OSError(ctypes.get_errno(), "io_uring_setup")
    return "made"


def kill_parent(request):
    os.kill(os.getppid(), 0)
    return "reached"


def trace_parent(request):
    attach = 16
    if libc.ptrace(attach, os.getppid(), None, None) < 0:
        raise OSError(ctypes.get_errno(), "ptrace")
    return "traced"


def make_namespace(request):
    new_user = 0x10000000
    if libc.unshare(new_user) < 0:
        raise OSError(ctypes.get_errno(), "unshare")
    return "made"


def make_device(request):
    os.mknod(os.path.join(tempfile.mkdtemp(), "device"), 0o20600, os.makedev(1, 1))
    return "made"


def change_mode(request):
    os.chmod(request["secret"], 0o777)
    os.utime(request["secret"], (0, 0))
    return "done"


def take_memory(request):
    taken = []
    while True:
        taken.append(bytearray(2**28))


def connect(request):
    socket.create_connection(("127.0.0.1", request["port"]), 5).close()
    return "connected"


def own_loopback(request):
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(1)
        with socket.create_connection(server.getsockname(), 5):
            server.accept()[0].close()
    return "heard"


def write_results(request):
    work = request["work"]
    with open(os.path.join(work, "result.txt"), "w") as file:
        file.write("a result")
    os.mkdir(os.path.join(work, "within"))
    with open(os.path.join(work, "within", "other.txt"), "w") as file:
        file.write("another")
    for folder in (work, os.path.join(work, "within")):
        os.symlink(request["secret"], os.path.join(folder, "link.txt"))
    with open(request["path"]) as file:
        return {"read": file.read(), "path": request["path"], "result": os.path.join(work, "result.txt")}


def leave_files(request):
    """Their paths, as Node knows them."""
    left = []
    for folder in (tempfile.gettempdir(), os.environ["HOME"]):
        left.append(os.path.join(folder, "left.txt"))
        with open(left[-1], "w") as file:
            file.write("for the next one")
    return left


def find_files(request):
    """All that lies in the run folder but the folders of this call, by name."""
    run = os.path.dirname(tempfile.gettempdir())
    found = []
    for name in ("in", "out", "tmp", "home"):
        try:
            for _, _, files in os.walk(os.path.join(run, name)):
                found += files
        except OSError as error:
            print(error, file=sys.stderr)
    return sorted(found)
