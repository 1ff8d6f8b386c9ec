"""The driver of a Ray cluster: hands it conversions and takes their results back.

Scheduling, retries and transport are Ray's. One `exchange` never lasts long, since the bridge has one call at a time.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any

import ray
from connection import connect_to, start_local
from failures import failure
from predictable_ray import task
from predictable_ray.parcel import pack_request, unpack_answer
from ray.runtime_env import RuntimeEnv
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

# A crash, an out-of-memory kill or the death of a node costs one more attempt; an error of the converter none.
RETRIES = {"max_retries": 1, "retry_exceptions": False}

# A cancelled task that has not ended after so long is told again.
CANCEL_AGAIN_SECONDS = 1.0

# What nodes need no copy of.
LEFT_OUT = ["__pycache__/", "*.lock", "*.in"]


class Driver:
    def __init__(self, converters: str) -> None:
        self.converters = converters
        self.environments: dict[str, Any] = {}
        self.running: dict[Any, tuple[int, dict[str, Any]]] = {}
        self.cancelled: dict[int, float] = {}
        here = ray.get_runtime_context().get_node_id()
        near = NodeAffinitySchedulingStrategy(here, soft=True)
        self.clock = ray.remote(task.Clock).options(num_cpus=0, max_restarts=-1, scheduling_strategy=near).remote()
        self.begun = self.clock.since.remote()

    def submit(self, number: int, environment: str, request: dict[str, Any], memory: int | None) -> None:
        converter = os.path.relpath(request["converter"], os.path.dirname(self.converters))
        options = {} if memory is None else {"memory": memory}
        remote = self.environments[environment].options(name=os.path.basename(request.get("path", converter)), **options)
        there = {**request, "converter": converter}
        self.running[remote.remote(number, there, pack_request(request), memory, self.clock)] = (number, request)

    def cancel(self, numbers: list[int]) -> None:
        """Those, and again all that were cancelled and have not ended.

        Ray loses a cancellation that comes to a worker before its task does: the task then runs as if nothing had been said.
        """
        now = time.monotonic()
        for reference, (number, _) in self.running.items():
            told = -CANCEL_AGAIN_SECONDS if number in numbers else self.cancelled.get(number, now)
            if now - told >= CANCEL_AGAIN_SECONDS:
                self.cancelled[number] = now
                ray.cancel(reference, force=True)

    def finished(self, wait: float) -> list[dict[str, Any]]:
        """At least one as soon as there is one, and all that are there then."""
        if not self.running:
            return []
        ready, others = ray.wait(list(self.running), timeout=wait)
        if ready and others:
            ready += ray.wait(others, num_returns=len(others), timeout=0)[0]
        return [self.collect(reference) for reference in ready]

    def collect(self, reference: Any) -> dict[str, Any]:
        number, request = self.running.pop(reference)
        if self.cancelled.pop(number, None) is not None:
            return {"number": number, "failure": {"kind": "cancelled", "message": "cancelled"}}
        try:
            envelope = unpack_answer(ray.get(reference), request, os.path.dirname(self.converters))
            return {"number": number, "envelope": envelope}
        except Exception as thrown:  # noqa: BLE001 - whatever it is, the others go on
            return {"number": number, "failure": failure(thrown)}

    def started(self) -> list[int]:
        if not ray.wait([self.begun], timeout=0)[0]:
            return []
        asked, self.begun = self.begun, self.clock.since.remote()
        try:
            return ray.get(asked)
        except ray.exceptions.RayActorError:
            return []  # Its node is gone: Ray starts it anew, and deadlines of what runs now are longer by that.


driver: Driver | None = None


def connect(request: dict[str, Any]) -> dict[str, Any]:
    """`address`: of a cluster, or null for one of our own with `cpus`; `converters`: the folder that nodes get.

    Raises RAY_UNREACHABLE or RAY_MISMATCH.
    """
    global driver  # noqa: PLW0603 - there is one a process
    # All of ours: converters share packages beside the bridge's own.
    ours = os.path.dirname(os.path.dirname(os.path.abspath(sys.modules["predictable_bridge"].__file__)))
    modules = [entry.path for entry in os.scandir(ours) if os.path.exists(os.path.join(entry.path, "__init__.py"))]
    environment = {
        "py_modules": [*modules, request["converters"]],
        "excludes": LEFT_OUT,
        "env_vars": request["variables"],
    }
    if request["address"] is None:
        start_local(request["cpus"], request["folder"], environment)
    else:
        connect_to(request["address"], environment)
    driver = Driver(request["converters"])
    return {"ray": ray.__version__, "python": ".".join(map(str, sys.version_info[:2]))}


def environment(request: dict[str, Any]) -> None:
    """Makes an environment known by its `key`; nodes build it when a first conversion needs it."""
    known = connected().environments
    if request["key"] not in known:
        # Ray's workers are of one runtime environment: with its key in it, two of the same packages share none.
        runtime_env = RuntimeEnv(
            pip=request["pip"],
            env_vars={"PREDICTABLE_ENVIRONMENT": request["key"]},
            config={"setup_timeout_seconds": request["seconds"], "eager_install": False},
        )
        known[request["key"]] = ray.remote(num_cpus=1, runtime_env=runtime_env, **RETRIES)(task.convert)


def exchange(request: dict[str, Any]) -> dict[str, Any]:
    """Takes new conversions and cancellations, waits up to `wait` seconds for a result, and returns what has changed."""
    here = connected()
    done = []
    for each in request["submit"]:
        try:
            here.submit(each["number"], each["environment"], each["request"], each["memory"])
        except Exception as thrown:  # noqa: BLE001 - its files cannot be read, for instance: the others have nothing to do with it.
            done.append({"number": each["number"], "failure": failure(thrown)})
    here.cancel(request["cancel"])
    done += here.finished(0 if done else request["wait"])
    return {"done": done, "begun": here.started()}


def capacity(_: dict[str, Any]) -> int:
    """How many conversions the cluster runs at once, as it is now."""
    connected()
    return int(ray.cluster_resources().get("CPU", 0))


def disconnect(_: dict[str, Any]) -> None:
    ray.shutdown()


def connected() -> Driver:
    assert driver is not None, "not connected"
    return driver
