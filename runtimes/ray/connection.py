"""The way into a cluster: one of our own on this machine, or one that is there."""

from __future__ import annotations

import re
import socket
import sys
import venv
from typing import Any

import ray
from predictable_bridge.errors import ConverterError

# A machine that does not answer a knock in this time is not reached by Ray either.
KNOCK_SECONDS = 10.0

JOIN_HINT = (
    "Give the head's address: HOST:6379 from a machine that is a node of the cluster (`ray start --address HOST:6379`), "
    "or ray://HOST:10001 from any other."
)

MISMATCH = re.compile(r"Ray: (?P<ray>\S+)\s+Python: (?P<python>\S+)\s.*?Ray: (?P<own_ray>\S+)\s+Python: (?P<own_python>\S+)", re.DOTALL)


def start_local(cpus: int, folder: str, environment: dict[str, Any]) -> None:
    """A cluster of this machine alone: on loopback, without a dashboard, gone with this process."""
    restore_activation()
    ray.init(
        address="local",
        num_cpus=cpus,
        include_dashboard=False,
        log_to_driver=False,
        runtime_env=environment,
        _temp_dir=folder,
    )


def restore_activation() -> None:
    """Ray activates the copies that it makes of this environment, which was built without scripts."""
    builder = venv.EnvBuilder()
    builder.setup_scripts(builder.ensure_directories(sys.prefix))


def connect_to(address: str, environment: dict[str, Any]) -> None:
    if address != "auto":
        knock(address)
    try:
        ray.init(address=address, log_to_driver=False, runtime_env=environment)
    except Exception as thrown:
        found = MISMATCH.search(str(thrown))
        if found is not None:
            raise mismatch(address, found.groupdict()) from thrown
        raise unreachable(address, first_line(thrown)) from thrown


def knock(address: str) -> None:
    """An address that nobody listens at is told apart at once; Ray itself tries for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not host or not port.isdigit():
        raise ConverterError("USAGE", f"{address} is no address of a Ray cluster.", JOIN_HINT)
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=KNOCK_SECONDS).close()
    except OSError as error:
        raise unreachable(address, str(error)) from error


def unreachable(address: str, reason: str) -> ConverterError:
    return ConverterError("RAY_UNREACHABLE", f"The Ray cluster at {address} can't be reached: {reason}", JOIN_HINT)


def mismatch(address: str, found: dict[str, str]) -> ConverterError:
    ours = f"Ray {found['own_ray']} on Python {found['own_python']}"
    message = f"The cluster at {address} runs Ray {found['ray']} on Python {found['python']}, and predictable {ours}."
    if found["ray"] != found["own_ray"]:
        hint = f"Both need the same Ray: start the cluster's nodes with ray[default]=={found['own_ray']}."
    else:
        minor = ".".join(found["python"].split(".")[:2])
        hint = f"Both need the same Python: name one of version {minor} with --python PATH."
    return ConverterError("RAY_MISMATCH", message, hint, **found)


def first_line(thrown: BaseException) -> str:
    lines = str(thrown).strip().splitlines()
    return lines[0] if lines else type(thrown).__name__
