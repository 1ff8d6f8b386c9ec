"""Names of the columns that make a network's inputs and outputs."""

from __future__ import annotations

import itertools
import re
from typing import Sequence

from predictable_bridge.errors import ConverterError
from predictable_facts.columns import check_sample, unique
from predictable_networks.inputs import Input

HINT = "Name them in the order of the inputs with --columns a,b,c, or give rows with a header: --sample FILE."


def name_columns(title: str, inputs: list[Input], asked: list[str] | None, header: list[str] | None) -> None:
    """Names the columns of all inputs: as the user asked, else as the sample's header, else by the names of the inputs.

    Raises what `columns.column_names` raises.
    """
    total = sum(each.width for each in inputs)
    if asked is not None and len(asked) != total:
        message = f"{title} takes {total} columns ({widths(inputs)}), but {len(asked)} names were given."
        raise ConverterError("COLUMN_MISMATCH", message, "Name each column once, in the order of the inputs.", found=asked)
    if asked is None:
        asked = own_names(inputs) if header is None else names_from(title, inputs, header)
    if asked is None:
        message = f"{title} takes {widths(inputs)} without names of their own, so its {total} columns cannot be named."
        raise ConverterError("MISSING_COLUMNS", message, HINT, needed=total)
    names = iter(unique(asked))
    for each in inputs:
        each.set_columns(list(itertools.islice(names, each.width)))


def own_names(inputs: list[Input]) -> list[str] | None:
    """None where an input is a plain row of numbers: what each of them means, only its user knows."""
    if any(len(each.shape) == 1 and each.width > 1 for each in inputs):
        return None
    return [name for each in inputs for name in indexed(good_name(each.name, "input"), each.sizes)]


def names_from(title: str, inputs: list[Input], header: list[str]) -> list[str]:
    """The header's names in the order of the inputs.

    An input of one value, a picture or a series takes the names that it makes itself; the names that are left, in their order, are
    of the one input that is a plain row of numbers.
    """
    names: dict[int, list[str]] = {}
    lower = {name.casefold(): name for name in header}
    taken: set[str] = set()
    for at, each in enumerate(inputs):
        # A picture's own names are those of its full size in the sample.
        own = indexed(good_name(each.name, "input"), each.sizes)
        if all(name.casefold() in lower for name in own):
            names[at] = [lower[name.casefold()] for name in own]
            taken.update(names[at])
    missing = [at for at in range(len(inputs)) if at not in names]
    rest = [name for name in header if name not in taken]
    if len(missing) == 1 and len(rest) == inputs[missing[0]].width:
        names[missing[0]] = rest
    elif missing:
        if len(missing) == len(inputs) == 1 or any(len(inputs[at].shape) == 1 and inputs[at].width > 1 for at in missing):
            message = f"{title} takes {widths([inputs[at] for at in missing])}; the sample leaves {len(rest)} columns for that."
            raise ConverterError("COLUMN_MISMATCH", message, HINT, found=header)
        check_sample([name for at in missing for name in indexed(good_name(inputs[at].name, "input"), inputs[at].sizes)], header)
    return [name for at in range(len(inputs)) for name in names[at]]


def indexed(name: str, sizes: Sequence[int]) -> list[str]:
    """One name a value, row-major, with its indices counted from 0: `pixels_0_3_1`; a single value has the bare name."""
    if all(size == 1 for size in sizes):
        return [name]
    return ["_".join([name, *map(str, index)]) for index in itertools.product(*(range(size) for size in sizes))]


def good_name(raw: str, edge: str) -> str:
    """As `src/graph/good-name.ts` says it: without what frameworks add to names."""
    marked = edge == "output" or re.search(r":\d+$|^serving_default_|^(Stateful)?PartitionedCall(?=/|$)|^/", raw)
    name = re.sub(r"^serving_default_", "", re.sub(r":\d+$", "", raw))
    if marked:
        name = next((part for part in reversed(name.split("/")) if part), name)
    if re.fullmatch(r"\d+", name):
        return f"{edge}_{name}"
    return re.sub(r"^([A-Za-z_]\w*)\.(\d+)$", r"\1_\2", name) or raw


def widths(inputs: list[Input]) -> str:
    return ", ".join(f"{each.name} [{','.join(map(str, ('N', *each.sizes)))}]" for each in inputs)
