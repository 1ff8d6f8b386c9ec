"""Reads a .skops file: only classes of our own exact list are built, and what compiled code follows is checked before it does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from predictable_bridge.errors import ConverterError
from predictable_facts.reading import Allowance, reading
from predictable_facts.zips import bytes_of, open_zip

from loading.arrays import check_arrays
from loading.indices import check_indices

TYPES_FILE = Path(__file__).parents[1] / "skops-types.txt"
# Nodes of skops that call something by a name in the file are not among these.
LOADERS = frozenset(
    "BytesNode ConstructorFromReduceNode DTypeNode DefaultDictNode DictNode FunctionNode JsonNode ListNode LossNode "
    "MaskedArrayNode NdArrayNode ObjectNode RandomGeneratorNode RandomStateNode ReduceNode SetNode SliceNode "
    "SparseMatrixNode TreeNode TupleNode TypeNode".split()
)
DEPTH_LIMIT = 200


def read_skops(path: str, trusted: bool) -> Any:
    """The object. With `trusted`, classes outside the list are built too. Raises UNTRUSTED_ARTIFACT or CORRUPT_MODEL."""
    named = named_types(path)
    allowed = frozenset(line for line in TYPES_FILE.read_text("utf-8").splitlines() if line and not line.startswith("#"))
    strange = sorted(
        name if name not in allowed else f"{name} (by {loader})" for name, loader in named if name not in allowed or loader not in LOADERS
    )
    if strange and not trusted:
        raise ConverterError(
            "UNTRUSTED_ARTIFACT",
            f"{Path(path).name} holds classes that are not on the list of safe ones: {', '.join(strange)}.",
            "If you know where the file comes from: --trust, or `predictable trust` to write its checksum to trust.lock.",
            classes=strange,
        )
    with reading(path, corrupt):
        model = load(path, sorted({name for name, _ in named} if trusted else allowed))
    with reading(path, corrupt):
        check_indices(model)
    return model


def load(path: str, allowed: list[str]) -> Any:
    import skops.io

    try:
        return skops.io.load(path, trusted=allowed)
    except (ImportError, AttributeError) as error:
        hint = "Give the package that defines it with --wheel FILE or --requirements FILE."
        raise ConverterError("MISSING_MODULE", f"{Path(path).name} names a class that cannot be imported: {error}", hint) from error


def named_types(path: str) -> set[tuple[str, str]]:
    """Every `(module.name, node type)` that the file's schema mentions; nothing is built."""
    allowance = Allowance(bytes_of(path))
    with reading(path, corrupt), open_zip(path, allowance) as archive:
        check_arrays(archive, allowance)
        return set(mentions(json.loads(archive.read("schema.json")), 0))


def mentions(node: Any, depth: int) -> Iterator[tuple[str, str]]:
    if depth > DEPTH_LIMIT:
        raise ValueError(f"the schema is nested more than {DEPTH_LIMIT} deep")
    if isinstance(node, dict):
        if "__class__" in node or "__loader__" in node:
            yield f"{node.get('__module__')}.{node.get('__class__')}", str(node.get("__loader__"))
        children = list(node.values())
    else:
        children = node if isinstance(node, list) else []
    for child in children:
        yield from mentions(child, depth + 1)


def corrupt(path: str, reason: str) -> ConverterError:
    hint = "Check that the file was copied whole, or save the model again with skops.io.dump(model, path)."
    return ConverterError("CORRUPT_MODEL", f"{Path(path).name} cannot be read as a skops file: {reason}", hint)
