"""What Ray says about a task that has no result, as a kind that the orchestrator knows and a reason."""

from __future__ import annotations

import errno
from typing import Any

from ray import exceptions

# The first that fits; of a task that was retried, it is what ended the last attempt.
KINDS = (
    (exceptions.RuntimeEnvSetupError, "environment"),
    (exceptions.TaskCancelledError, "cancelled"),
    (exceptions.OutOfMemoryError, "memory"),
    (exceptions.WorkerCrashedError, "crash"),
    (exceptions.NodeDiedError, "crash"),
    (exceptions.ObjectLostError, "crash"),
    (exceptions.ObjectStoreFullError, "memory"),
    (exceptions.OutOfDiskError, "disk"),
    (exceptions.LocalRayletDiedError, "cluster"),
    (exceptions.RaySystemError, "cluster"),
    (ConnectionError, "cluster"),
)


def failure(thrown: Exception) -> dict[str, Any]:
    if isinstance(thrown, exceptions.RayTaskError):
        # Our own few lines on the node, since converters' errors come as envelopes.
        cause = thrown.cause
        full = isinstance(cause, OSError) and cause.errno == errno.ENOSPC
        kind = "disk" if full else "memory" if isinstance(cause, MemoryError) else "task"
        return {"kind": kind, "message": f"{type(cause).__name__}: {cause}"}
    if isinstance(thrown, OSError) and thrown.errno == errno.ENOSPC:
        return {"kind": "disk", "message": str(thrown)}
    kind = next((kind for known, kind in KINDS if isinstance(thrown, known)), "task")
    return {"kind": kind, "message": str(thrown)}
