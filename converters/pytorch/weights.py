"""A file of torch.save: weights for a network that the user's own function builds, or a whole pickled network."""

from __future__ import annotations

import warnings
from typing import Any

import torch
from predictable_bridge.errors import ConverterError
from predictable_facts.factory import factory_name, on_path
from predictable_facts.request import Request

from archive import INTACT_HINT
from factory import build
from layers import guess
from loaded import Known, Loaded
from members import untrusted
from modules import arguments_of
from safety import listed
from trial import first_line

# Where training scripts and Lightning put the weights in a checkpoint.
KEYS = ("state_dict", "model_state_dict", "model_state", "model", "net", "network", "module", "weights", "params")
# What DataParallel, torch.compile and Lightning put before every name.
PREFIXES = ("module.", "_orig_mod.", "model.", "net.", "network.")
TRUST_HINT = "If you know where it comes from: --trust, or `predictable trust` to write its checksum to trust.lock."


def load_saved(path: str, title: str, foreign: list[str], request: Request) -> Loaded:
    """`foreign`: what its pickle names beyond tensors. Raises UNTRUSTED_ARTIFACT, MISSING_SIGNATURE, MISSING_MODULE, CORRUPT_MODEL."""
    factory = request["factory"]
    if foreign and not request["trusted"]:
        raise untrusted(title, f"is a pickle of {listed(foreign)}, not of weights alone")
    with on_path(factory["folders"] if factory else []):
        saved = read(path, title, bool(foreign))
        if isinstance(saved, torch.jit.ScriptModule) or not isinstance(saved, torch.nn.Module):
            saved = with_weights(saved, title, request)
    network = saved.eval().cpu()
    needed, optional = arguments_of(network, title)
    return Loaded(
        title=f"PyTorch {type(network).__name__}",
        names=needed,
        call=lambda tensors: network(**tensors),
        module=network,
        optional=optional,
        guess=lambda: guess_by_script(network, needed + optional),
    )


def guess_by_script(network: torch.nn.Module, names: list[str]) -> dict[str, Known]:
    """Of a network that torch.jit.script takes; it takes many, and the layers of others say nothing."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return guess(torch.jit.script(network), names)
    except Exception:  # noqa: BLE001 - the compiler refuses Python in any way
        return {}


def read(path: str, title: str, whole: bool) -> Any:
    try:
        return torch.load(path, map_location="cpu", weights_only=not whole)
    except (ImportError, AttributeError) as error:
        message = f"{title} needs a class that cannot be imported: {first_line(error)}"
        hint = "Name a function of the module that defines it, so that its folder is searched: --factory module:function; or --wheel FILE."
        raise ConverterError("MISSING_MODULE", message, hint, module=getattr(error, "name", None)) from error
    except MemoryError:
        raise
    except Exception as error:  # a damaged file fails in any way
        message = f"{title} is no whole file of torch.save: {first_line(error)}"
        raise ConverterError("CORRUPT_MODEL", message, INTACT_HINT) from error


def with_weights(saved: Any, title: str, request: Request) -> torch.nn.Module:
    weights = state_of(saved)
    if weights is None:
        what = f"a {type(saved).__name__}" + (f" with {listed([str(key) for key in saved])}" if isinstance(saved, dict) else "")
        message = f"{title} holds {what}: neither a network nor its weights."
        hint = "Save model.state_dict(), or better the network: torch.jit.script(model).save(path)."
        raise ConverterError("UNSUPPORTED_MODEL", message, hint)
    factory = request["factory"]
    if factory is None:
        first = ", ".join(f"{name} {list(tensor.shape)}" for name, tensor in list(weights.items())[:3])
        message = (
            f"{title} holds weights alone ({len(weights)} tensors: {first}, …), not the network that they belong to. "
            "Missing: the function that builds it."
        )
        hint = "Name it, and vouch for it: --factory module:function --trust (the module beside the model or in this folder)."
        raise ConverterError("MISSING_SIGNATURE", message, hint, missing=["factory"])
    if not request["trusted"]:
        message = f"--factory {factory_name(factory)} runs your own code, which is only done for a file that you vouch for: {title}."
        raise ConverterError("UNTRUSTED_ARTIFACT", message, TRUST_HINT)
    network = build(factory, saved)
    load(network, weights, factory_name(factory), title)
    return network


def state_of(saved: Any) -> dict[str, torch.Tensor] | None:
    if not isinstance(saved, dict) or not saved:
        return None
    tensors = {str(key): value for key, value in saved.items() if isinstance(value, torch.Tensor)}
    if len(tensors) == len(saved):
        return tensors
    for key in KEYS:
        inner = state_of(saved.get(key))
        if inner is not None:
            return inner
    return None


def load(network: torch.nn.Module, weights: dict[str, torch.Tensor], factory: str, title: str) -> None:
    wanted = set(network.state_dict())
    for prefix in ("", *PREFIXES):
        named = {name.removeprefix(prefix): tensor for name, tensor in weights.items() if name.startswith(prefix)}
        if set(named) == wanted:
            weights = named
            break
    try:
        # Numbers of another width would be cast silently.
        network.load_state_dict(weights, strict=True)
    except RuntimeError as error:
        lines = [line.strip() for line in str(error).splitlines()[1:] if line.strip()]
        message = f"The network of {factory} is not the one of {title}: {' '.join(lines)[:400]}"
        raise ConverterError("UNSUPPORTED_MODEL", message, "Let the function build the network as it was when it was saved.") from error
    types = {tensor.dtype for tensor in weights.values() if tensor.dtype.is_floating_point}
    if len(types) == 1:
        network.to(types.pop())
        network.load_state_dict(weights, strict=True)
