"""A compressed tree of a MOJO, byte by byte, as SharedTreeMojoModel.scoreTree of h2o-genmodel walks it.

A node is: type, column (2 bytes), where missing goes, a float or a set of levels, the size of the left subtree, the left
subtree, the right one; a leaf is 4 bytes. Text columns are asked by sets: each different question becomes a column of
its own, 0 for left and 1 for right, looked up by the level's code, so that the trees compare numbers only.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from predictable_bridge.errors import ConverterError
from predictable_graph.forest import FLOAT_MAX, Tree

from mojo import Mojo, corrupt

# hex.genmodel.algos.tree.NaSplitDir.
NA_VS_REST, NA_LEFT, LEFT = 1, 2, 4
NO_COLUMN = 0xFFFF
# The table of answers has a row a level and a column a question, and so has every batch of rows.
MOST_QUESTIONS = 20_000


@dataclass
class Questions:
    """Of text columns: by column and answers, the place behind the numbers. Answers: of each level, then of a missing one."""

    first: int
    places: dict[tuple[int, tuple[int, ...]], int] = field(default_factory=dict)

    def place(self, column: int, answers: tuple[int, ...]) -> int:
        return self.places.setdefault((column, answers), self.first + len(self.places))


@dataclass
class Reader:
    data: bytes
    at: int = 0

    def take(self, form: str) -> int | float:
        (value,) = struct.unpack_from(form, self.data, self.at)
        self.at += struct.calcsize(form)
        return value

    def bytes(self, count: int) -> bytes:
        if count < 0 or self.at + count > len(self.data):
            raise struct.error("a set of levels ends behind the tree")
        self.at += count
        return self.data[self.at - count : self.at]


def read_trees(mojo: Mojo, groups: int, each: int) -> tuple[list[Tree], list[int], Questions]:
    """The trees, the output that each adds to, and what they ask of text columns. Raises CORRUPT_MODEL or UNSUPPORTED_MODEL."""
    version = mojo.number("mojo_version")
    if version < 1.2:
        message = f"{mojo.name} is a MOJO of version {version}, whose trees are stored in an older form."
        raise ConverterError("UNSUPPORTED_MODEL", message, "Download the MOJO from H2O 3.16 or newer.")
    held = max((group for _, group in mojo.trees), default=-1) + 1
    if held != groups or not mojo.trees:
        raise corrupt(mojo.name, f"it says {groups} trees a class and holds {held}")
    questions = Questions(mojo.features)
    trees, outputs = [], []
    for output in range(each):
        for group in range(groups):
            data = mojo.trees.get((output, group))
            if data is None:
                # A class that has no tree in this round is left out by H2O itself.
                continue
            try:
                trees.append(read_tree(mojo, data, questions))
            except (struct.error, RecursionError, IndexError) as error:
                raise corrupt(mojo.name, f"tree {group} of class {output} cannot be read ({error})") from error
            outputs.append(output)
    if len(questions.places) > MOST_QUESTIONS:
        message = f"{mojo.name} asks {len(questions.places):,} different sets of categories."
        raise ConverterError("MODEL_TOO_LARGE", message, "Train fewer or flatter trees, or encode the categories beforehand.")
    return trees, outputs, questions


def read_tree(mojo: Mojo, data: bytes, questions: Questions) -> Tree:
    """Without recursion: a tree of a hostile file may be as deep as it is long."""
    tree, reader = Tree(), Reader(data)
    # Where a subtree begins, whether it is a leaf, and the node and side that it hangs on.
    todo: list[tuple[int, bool, int, str]] = [(0, False, -1, "left")]
    seen = set()
    while todo:
        start, ends, parent, side = todo.pop()
        if start in seen:
            raise struct.error("two branches lead to the same place")
        seen.add(start)
        reader.at = start
        node = read_leaf(tree, reader) if ends else read_node(mojo, tree, reader, questions, todo)
        if parent >= 0:
            (tree.left if side == "left" else tree.right)[parent] = node
    return tree


def read_leaf(tree: Tree, reader: Reader) -> int:
    return tree.add_leaf(float(reader.take("<f")))


def read_node(mojo: Mojo, tree: Tree, reader: Reader, questions: Questions, todo: list[tuple[int, bool, int, str]]) -> int:
    kind, column = int(reader.take("<B")), int(reader.take("<H"))
    if column == NO_COLUMN:
        return read_leaf(tree, reader)
    if column >= mojo.features:
        raise struct.error(f"column {column} of {mojo.features}")
    direction = int(reader.take("<B"))
    missing_left = direction in (NA_LEFT, LEFT)
    node = read_split(mojo, tree, reader, questions, kind & 12, column, direction == NA_VS_REST, missing_left)
    left = kind & 51
    if left <= 3:
        size = int.from_bytes(reader.bytes(left + 1), "little")
        first, second = reader.at, reader.at + size
    elif left == 48:
        first, second = reader.at, reader.at + 4
    else:
        raise struct.error(f"node type {kind}")
    right = (kind & 0xC0) >> 2
    todo += [(second, bool(right & 16), node, "right"), (first, bool(left & 16), node, "left")]
    return node


def read_split(
    mojo: Mojo, tree: Tree, reader: Reader, questions: Questions, test: int, column: int, na_vs_rest: bool, missing_left: bool
) -> int:
    domain = mojo.domains.get(column)
    if domain is None:
        if test != 0 and not na_vs_rest:
            raise struct.error(f"column {column} has no levels, and is asked for some")
        if na_vs_rest:
            return tree.add_split(column, FLOAT_MAX, "BRANCH_LEQ", missing_left)
        return tree.add_split(column, float(reader.take("<f")), "BRANCH_LT", missing_left)
    answers = [0] * len(domain)
    if test == 0 and not na_vs_rest:
        threshold = float(reader.take("<f"))
        answers = [int(level >= threshold) for level in range(len(domain))]
    elif not na_vs_rest:
        offset, size = (0, 32) if test == 8 else (int(reader.take("<H")), int(reader.take("<i")))
        bits = reader.bytes((size - 1 >> 3) + 1 if size > 0 else 0)
        for level in range(len(domain)):
            at = level - offset
            # A level that training has not seen is taken for missing.
            answers[level] = bits[at >> 3] >> (at & 7) & 1 if 0 <= at < size else int(not missing_left)
    place = questions.place(column, (*answers, int(not missing_left)))
    return tree.add_split(place, 0.5, "BRANCH_LT", False)
