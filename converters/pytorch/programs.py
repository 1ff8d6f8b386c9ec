"""What stands in the JSON of a torch.export program before torch reads it: it evaluates texts, and finds functions by name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from predictable_bridge.errors import ConverterError

from archive import INTACT_HINT, Archive
from members import untrusted
from operators import computes, is_packed
from sizes import is_arithmetic

OVERLOAD = re.compile(r"torch\.ops\.([A-Za-z]\w*|_quantized)\.([A-Za-z_]\w*)\.([A-Za-z_]\w*)", re.ASCII)
HIGHER = {
    f"torch.ops.higher_order.{name}"
    for name in ("cond", "while_loop", "scan", "map_impl", "associative_scan", "wrap_with_set_grad_enabled", "wrap_with_autocast")
}
# Of sizes.
FUNCTIONS_OF_SIZES = {
    *(f"_operator.{name}" for name in "add sub mul truediv floordiv mod pow neg pos abs lshift rshift getitem".split()),
    *(f"_operator.{name}" for name in "eq ne lt le gt ge and_ or_ not_".split()),
    *(f"math.{name}" for name in "ceil floor trunc".split()),
    *(f"torch.sym_{name}" for name in "int float not max min ite sqrt sum".split()),
    *(f"torch._sym_{name}" for name in "int float not max min ite sqrt sum".split()),
    "round",
    "_round",
}
# Keys whose text torch looks up as a function.
FUNCTION_KEYS = ("target", "as_operator")
# Keys whose text stays text: what is told of a node, values of arguments, what is read further on.
TEXT_KEYS = {
    "stack_trace", "nn_module_stack", "torch_fn", "source_fn_stack", "custom", "from_node", "as_string", "as_strings", "expr_str",
    "guards_code", "in_spec", "out_spec", *FUNCTION_KEYS,
}  # fmt: skip
# Names of a graph's values and of its arguments: torch makes Python code of the graph, where they stand as they are.
NAME_KEYS = ("name", "as_name", "forward_arg_names")
NAME = re.compile(r"\w*")
# All else that may stand in that code: paths of layers and weights, devices, versions.
PLAIN = re.compile(r"[\w .+:/<>-]*")
OPAQUE = "opaque_obj"
NO_NAME = "has code where a name should stand"
# What a node was made of: looked up by torch in its own modules, and not called.
ORIGIN = re.compile(r"[^,]*,(?:(?:torch|_operator|math)(?:\.(?!__)\w+)*(?:\.\w+)?|(?!torch|_operator|math|#).*)", re.ASCII)
FACTORIES = ("int", "float", "list", "dict", "set", "str", "bool", "tuple")
STRUCTURES = (
    None, "builtins.tuple", "builtins.list", "builtins.dict", "collections.namedtuple", "collections.OrderedDict",
    "collections.defaultdict", "collections.deque", "torch.fx.immutable_collections.immutable_list",
    "torch.fx.immutable_collections.immutable_dict", "torch.Size",
)  # fmt: skip


def check_programs(archive: Archive) -> None:
    """Raises UNTRUSTED_ARTIFACT for a text that is no plain arithmetic, or a function that is none of a network's."""
    for name in archive.names:
        # What a user has added stays text.
        if not name.endswith(".json") or name.startswith("extra/"):
            continue
        try:
            found = next(complaints(json.loads(archive.read(name).decode("utf-8"))), None)
        except ValueError as error:
            raise ConverterError("CORRUPT_MODEL", f"{archive.title}: {name} is no JSON: {error}.", INTACT_HINT) from error
        except RecursionError:
            # Torch may get to the bottom of it where we did not.
            raise untrusted(archive.title, f"nests more deeply than can be looked through in {name}") from None
        if found:
            raise untrusted(archive.title, f"{found[0]} in {name}: {found[1][:80]!r}")


def complaints(value: Any, key: str = "", whole: bool = True) -> Iterator[tuple[str, str]]:
    """Of all texts, with the key that they stand under; in texts that are JSON themselves, too, however often one is in another.

    `whole`: the document itself, and no text in it, which may tell of functions that torch does not look up.
    """
    if isinstance(value, str):
        what = complaint(key, value) if whole or key not in FUNCTION_KEYS else None
        if what:
            yield what, value
        yield from complaints(decoded(value), key, False)
        if whole and not is_name(key, value):
            yield NO_NAME, value
    elif isinstance(value, dict):
        what = structure_complaint(value)
        if what:
            yield what, json.dumps(value)
        for name, inner in value.items():
            if whole and PLAIN.fullmatch(name) is None:
                yield NO_NAME, name
            yield from complaints(inner, name, whole)
    elif isinstance(value, list):
        for inner in value:
            yield from complaints(inner, key, whole)


def decoded(text: str) -> Any:
    """None where the text is no JSON that could hold anything."""
    if not text.lstrip().startswith(("{", "[", '"')):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def complaint(key: str, text: str) -> str | None:
    if key in ("expr_str", "guards_code") and not is_arithmetic(text):
        return "has code where the size of an array should stand"
    if key in FUNCTION_KEYS and not is_function(text):
        return "calls a function that networks do not need"
    if key == "path_name" and text.startswith("custom_obj_") and not re.fullmatch(r"custom_obj_\d+", text, re.ASCII):
        return "holds an object under a name that torch does not give"
    if key == "path_name" and text.startswith(OPAQUE):
        return "holds an object of a class that only Python's own pickle reads"
    if key == "class_fqn" and not is_packed(text):
        return "holds an object of a class that networks do not need"
    if key == "source_fn_stack" and not all(map(ORIGIN.fullmatch, text.split(";"))):
        return "names something that is no function of a network"
    if key in ("in_spec", "out_spec") and decoded(text) is None:
        return "describes a structure in a way that torch does not"
    return None


def is_name(key: str, text: str) -> bool:
    """What may stand in Python code; or what never gets there."""
    if key == "in_spec":
        return all(map(NAME.fullmatch, names_of_arguments(decoded(text))))
    return key in TEXT_KEYS or (NAME if key in NAME_KEYS else PLAIN).fullmatch(text) is not None


def names_of_arguments(structure: Any) -> list[str]:
    """Of those that a module takes by name: the keys of the second part. What is built otherwise has a name that is none."""
    try:
        (positional, by_name) = structure[1]["children_spec"]
        plain = positional["type"] == "builtins.tuple" and by_name["type"] == "builtins.dict"
        names = json.loads(by_name["context"])
    except (LookupError, TypeError, ValueError):
        return ["?"]
    return [name if isinstance(name, str) else "?" for name in names] if plain and isinstance(names, list) else ["?"]


def structure_complaint(value: dict[str, Any]) -> str | None:
    """Where a structure is rebuilt, torch imports modules by their names."""
    if "__enum__" in value:
        return "names a module to import"
    if "default_factory_module" in value or "default_factory_name" in value:
        plain = value.get("default_factory_module") == "builtins" and value.get("default_factory_name") in FACTORIES
        return None if plain else "names a module to import"
    if {"type", "context", "children_spec"} <= set(value) and value["type"] not in STRUCTURES:
        return "has a structure of a class that networks do not need"
    return None


def is_function(text: str) -> bool:
    """Exactly an operator's whole name, as torch has it in its list of operators; getting there may not lead over anything else."""
    found = OVERLOAD.fullmatch(text)
    if found is None:
        return text in HIGHER or text in FUNCTIONS_OF_SIZES
    namespace, name, overload = found.groups()
    return computes(f"{namespace}::{name}", "" if overload == "default" else overload)
