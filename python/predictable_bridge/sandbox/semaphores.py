"""Semaphores among the threads of one process, in the place of those that processes share: these are files of /dev/shm.

Thread pools (multiprocessing.pool, and so joblib and Keras) take them from the same class; a process that may start no
other one has nobody to share them with.
"""

import _multiprocessing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional

RECURSIVE_MUTEX = 0


class SemLock:
    """What `_multiprocessing.SemLock` is: a counting semaphore, or a lock that its thread may take again."""

    SEM_VALUE_MAX = 2**31 - 1

    def __init__(self, kind: int, value: int, maxvalue: int, name: str, unlink: bool = True) -> None:
        import threading

        # It has no name, as one of a system that can unlink it at once.
        self.kind, self.maxvalue, self.name, self.handle = kind, maxvalue, None, 0
        self.thread = threading.get_ident
        self.free = threading.Condition(threading.Lock())
        self.value = value
        self.held = 0
        self.owner: "Optional[int]" = None

    def acquire(self, block: bool = True, timeout: "Optional[float]" = None) -> bool:
        with self.free:
            if self.kind == RECURSIVE_MUTEX and self._is_mine():
                self.held += 1
                return True
            patience = None if timeout is None else max(0.0, timeout)
            if self.value == 0 and not (block and self.free.wait_for(lambda: self.value > 0, patience)):
                return False
            self.value -= 1
            self.held += 1
            self.owner = self.thread()
            return True

    def release(self) -> None:
        with self.free:
            if self.kind == RECURSIVE_MUTEX:
                if not self._is_mine():
                    raise AssertionError("attempt to release recursive lock not owned by thread")
                if self.held > 1:
                    self.held -= 1
                    return
            elif self.value >= self.maxvalue:
                raise ValueError("semaphore or lock released too many times")
            self.held -= 1
            self.value += 1
            self.free.notify()

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()

    def _count(self) -> int:
        return self.held

    def _is_mine(self) -> bool:
        return self.held > 0 and self.owner == self.thread()

    def _get_value(self) -> int:
        return self.value

    def _is_zero(self) -> bool:
        return self.value == 0

    def _after_fork(self) -> None:
        self.held = 0


def install() -> None:
    vars(_multiprocessing).update(SemLock=SemLock, sem_unlink=lambda name: None)
