import struct
import zipfile

import pytest
from predictable_bridge.errors import ConverterError
from predictable_graph.forest import FLOAT_MAX
from running import of_converter

mojo, trees = of_converter("h2o", "mojo", "trees")

INI = """[info]
algorithm = Gradient Boosting Machine
n_features = 2
n_classes = 2
n_columns = 3
mojo_version = 1.40
empty =
numbers = [0.5, 2]
escape_domain_values = true

[columns]
x
t
y

[domains]
1: 3 d000.txt
2: 2 d001.txt
"""
LEAF = struct.pack("<f", 10.0), struct.pack("<f", 20.0)


def written(tmp_path, ini=INI, **domains):
    path = tmp_path / "model.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("model.ini", ini)
        archive.writestr("domains/d000.txt", domains.get("first", "a\nb\\n\nc"))
        archive.writestr("domains/d001.txt", "no\nyes")
        archive.writestr("trees/t00_000.bin", b"tree")
    return str(path)


def test_a_mojo(tmp_path):
    found = mojo.read_mojo(written(tmp_path))
    assert (found.features, found.classes, found.columns) == (2, 2, ["x", "t", "y"])
    assert found.domains == {1: ["a", "b\n", "c"], 2: ["no", "yes"]} and found.labels() == ["no", "yes"]
    assert found.trees == {(0, 0): b"tree"}
    assert found.text("empty") == "" and found.numbers("numbers") == [0.5, 2.0] and not found.flag("flag")


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("n_columns = 3", "n_columns = 4", "it names 3 columns, not 4"),
        ("n_columns = 3", "n_columns = x", "n_columns of model.ini is 'x'"),
        ("n_features = 2", "", "model.ini has no n_features"),
        ("1: 3 d000.txt", "1: 4 d000.txt", "d000.txt has 3 values, not 4"),
        ("1: 3 d000.txt", "1: 3 d009.txt", "no item named 'domains/d009.txt' in the archive"),
        ("1: 3 d000.txt", "1 d000.txt", "it describes a column as 1 d000.txt"),
        ("[info]", "[other]", "'info' is missing"),
    ],
)
def test_what_is_no_whole_mojo(tmp_path, old, new, why):
    with pytest.raises(ConverterError) as raised:
        mojo.read_mojo(written(tmp_path, INI.replace(old, new)))
    assert raised.value.code == "CORRUPT_MODEL" and why in raised.value.message


def model(data, version="1.4"):
    info = {"n_features": "2", "mojo_version": version}
    return mojo.Mojo("model.zip", info, ["x", "t", "y"], {1: ["a", "b", "c"]}, {(0, 0): data})


def node(column, direction, test, split=b"", left=b"", right=b"", kind=0):
    """With leaves on both sides, unless told otherwise."""
    return (
        struct.pack("<BHB", (48 if not left else 0) | (0x40 if not right else 0) | test | kind, column, direction)
        + split
        + (left or LEAF[0])
        + (right or LEAF[1])
    )


def read(data, version="1.4"):
    (tree,), outputs, questions = trees.read_trees(model(data, version), 1, 1)
    assert outputs == [0]
    return tree, questions


def test_a_tree_of_one_leaf():
    tree, _ = read(struct.pack("<BHf", 0, trees.NO_COLUMN, 1.5))
    assert tree.leaf == [1.5] and tree.mode == ["LEAF"]


@pytest.mark.parametrize(("direction", "missing_left"), [(trees.NA_LEFT, True), (trees.LEFT, True), (3, False), (5, False)])
def test_a_threshold(direction, missing_left):
    tree, _ = read(node(0, direction, 0, struct.pack("<f", 0.5), kind=0))
    assert (tree.feature[0], tree.threshold[0], tree.mode[0], tree.missing_left[0]) == (0, 0.5, "BRANCH_LT", missing_left)
    assert (tree.leaf[tree.left[0]], tree.leaf[tree.right[0]]) == (10.0, 20.0)


def test_missing_values_against_all_others():
    tree, _ = read(node(0, trees.NA_VS_REST, 0))
    assert (tree.threshold[0], tree.mode[0], tree.missing_left[0]) == (FLOAT_MAX, "BRANCH_LEQ", False)


@pytest.mark.parametrize(
    ("test", "split", "direction", "answers"),
    [
        (8, struct.pack("<I", 0b101), trees.LEFT, (1, 0, 1, 0)),
        (12, struct.pack("<Hi", 1, 2) + b"\x02", trees.LEFT, (0, 0, 1, 0)),
        (12, struct.pack("<Hi", 1, 2) + b"\x02", 3, (1, 0, 1, 1)),
        (0, struct.pack("<f", 1.5), trees.LEFT, (0, 0, 1, 0)),
    ],
)
def test_sets_of_levels_become_questions(test, split, direction, answers):
    tree, questions = read(node(1, direction, test, split))
    assert questions.places == {(1, answers): 2}
    assert (tree.feature[0], tree.threshold[0]) == (2, 0.5)


def test_a_tree_below_a_tree():
    inner = node(0, trees.LEFT, 0, struct.pack("<f", 2.0))
    whole = struct.pack("<BHBf", 0x40, 0, trees.LEFT, 1.0) + bytes([len(inner)]) + inner + struct.pack("<f", 30.0)
    tree, _ = read(whole)
    assert [threshold for threshold, mode in zip(tree.threshold, tree.mode) if mode != "LEAF"] == [1.0, 2.0]
    assert tree.leaf[tree.right[0]] == 30.0 and tree.threshold[tree.left[0]] == 2.0


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "cannot be read"),
        (node(5, trees.LEFT, 0, struct.pack("<f", 0.5)), "column 5 of 2"),
        (node(0, trees.LEFT, 8, struct.pack("<I", 1)), "has no levels"),
        (node(1, trees.LEFT, 12, struct.pack("<Hi", 0, 900)), "ends behind the tree"),
        (node(0, trees.LEFT, 0, struct.pack("<f", 0.5))[:-5], "cannot be read"),
        (struct.pack("<BHBf", 0, 0, trees.LEFT, 1.0) + b"\0" + struct.pack("<BHf", 0, trees.NO_COLUMN, 1.0), "the same place"),
        (struct.pack("<BHBf", 32, 0, trees.LEFT, 1.0), "node type 32"),
    ],
)
def test_a_tree_that_cannot_be_read(data, why):
    with pytest.raises(ConverterError) as raised:
        read(data)
    assert raised.value.code == "CORRUPT_MODEL" and why in raised.value.message


def test_trees_of_an_older_form():
    with pytest.raises(ConverterError, match="older form"):
        read(b"", version="1.1")
