import numpy as np
import pytest
from onnx import TensorProto
from predictable_bridge.errors import ConverterError
from predictable_facts.columns import Column
from predictable_trees.boosted import Boosted, Trait, labels, probabilities, values
from predictable_trees.conversion import make_column, original
from predictable_trees.ensemble import EnsembleGraph
from predictable_trees.synthetic import synthetic_rows
from predictable_trees.trees import Regions, Tree, expanded, just_below, regions
from running import OPSETS, results


def request(precision="float", opsets=OPSETS):
    return {"opsets": opsets, "ir": 8, "precision": precision}


def tree(split=None, threshold=1.0, missing_left=False):
    """x ≤ threshold or its regions: leaf 1, with 10; else leaf 2, with 20."""
    return Tree(
        np.array([0, -1, -1]),
        np.array([threshold, 0.0, 0.0]),
        np.array([1, 0, 0]),
        np.array([2, 0, 0]),
        np.array([missing_left, False, False]),
        np.array([[0.0], [10.0], [20.0]]),
        [0],
        {} if split is None else {0: split},
    )


def scores(trees, strict, rows, targets=1):
    graph = EnsembleGraph(1, request())
    rows = np.array(rows, dtype=np.float32).reshape(-1, 1)
    return results(graph, [graph.trees(trees, targets, strict)], [TensorProto.FLOAT], X=rows)[0]


def walked(chain, value, strict):
    at = 0
    while chain.feature[at] >= 0:
        below = value < chain.threshold[at] if strict else value <= chain.threshold[at]
        at = (chain.left if chain.missing_left[at] and np.isnan(value) or below else chain.right)[at]
    return chain.values[at, 0]


@pytest.mark.parametrize(
    ("before", "starts", "bounds", "left"),
    [
        (True, [], [], [True]),
        (True, [(1.0, False)], [1.0], [True, False]),
        (True, [(1.0, True), (2.0, False)], [2.0], [True, False]),
        (False, [(1.0, True), (1.0, False)], [], [False]),
        (False, [(1.0, True), (2.0, False), (2.0, True)], [1.0], [False, True]),
        (False, [(0.0, True), (1.0, False), (4.0, True), (5.0, False)], [0.0, 1.0, 4.0, 5.0], [False, True, False, True, False]),
    ],
)
def test_regions_have_no_neighbours_alike(before, starts, bounds, left):
    assert regions(before, starts, True) == Regions(bounds, left, True)


@pytest.mark.parametrize("bound", [0.0, 1.0, -1.0, 0.1, -0.1, 1e30, -1e-40])
def test_the_number_just_below(bound):
    single = just_below(bound, double=False)
    assert single < bound and float(np.nextafter(np.float32(single), np.float32(np.inf))) >= bound
    assert np.nextafter(just_below(bound, double=True), np.inf) == bound


def test_a_tree_without_regions_stays():
    plain = tree()
    assert expanded(plain, strict=False, double=False) is plain


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("double", [False, True])
@pytest.mark.parametrize(
    ("bounds", "left", "missing_left"),
    [
        ([], [True], True),
        ([], [False], False),
        *(([2.0], left, missing) for left in ([True, False], [False, True]) for missing in (False, True)),
        *(([0.0, 1.0, 4.0, 5.0], [False, True, False, True, False], missing) for missing in (False, True)),
    ],
)
def test_a_chain_of_comparisons_does_what_its_regions_say(strict, double, bounds, left, missing_left):
    split = Regions(bounds, left, missing_left)
    rows = [-1.0, 0.0, 0.5, 1.0, np.nextafter(np.float32(2), np.float32(0)), 2.0, 3.0, 4.0, 4.5, 5.0, 100.0, np.nan]
    expected = [20.0 - 10 * (missing_left if np.isnan(row) else left[np.searchsorted(bounds, row, side="right")]) for row in rows]
    chain = expanded(tree(split), strict, double)
    assert [walked(chain, row, strict) for row in rows] == expected
    if not double:
        # The reference evaluator has no trees in double.
        assert scores([tree(split)], strict, rows)[:, 0].tolist() == expected


@pytest.mark.parametrize(("strict", "expected"), [(False, [10.0, 10.0, 20.0]), (True, [10.0, 20.0, 20.0])])
def test_on_the_threshold(strict, expected):
    rows = [np.nextafter(np.float32(1), np.float32(0)), 1.0, np.nextafter(np.float32(1), np.float32(2))]
    assert scores([tree()], strict, rows)[:, 0].tolist() == expected


def test_a_threshold_between_two_floats_is_rounded_down():
    threshold = 0.1
    below = np.nextafter(np.float32(threshold), np.float32(0))
    assert scores([tree(threshold=threshold)], False, [below, np.float32(threshold)])[:, 0].tolist() == [10.0, 20.0]


@pytest.mark.parametrize(("missing_left", "expected"), [(True, 10.0), (False, 20.0)])
def test_missing_values(missing_left, expected):
    assert scores([tree(missing_left=missing_left)], False, [np.nan])[:, 0].tolist() == [expected]


def test_trees_add_up_by_target():
    first, second, third = tree(), tree(threshold=5.0), tree(threshold=-5.0)
    second.targets = [1]
    assert scores([first, second, third], False, [2.0], targets=2).tolist() == [[40.0, 10.0]]


OLDER = {"": 12, "ai.onnx.ml": 2}


@pytest.mark.parametrize("strict", [False, True])
def test_doubles_fall_on_the_side_where_the_original_sends_them(strict):
    """Where trees know float only, by their rank among the thresholds."""
    large = 2.0**53
    thresholds = [0.1, large, large + 2, -1.7e18, 1e30]
    near = [value for at in thresholds for value in (np.nextafter(at, -np.inf), at, np.nextafter(at, np.inf))]
    rows = np.array([*near, 0.0, np.nan, 1e38, -1e38])[:, np.newaxis]
    graph = EnsembleGraph(1, request("double", OLDER))
    trees = [tree(threshold=threshold, missing_left=at % 2 == 0) for at, threshold in enumerate(thresholds)]
    found = results(graph, [graph.trees(trees, 1, strict)], [TensorProto.FLOAT], X=rows)[0][:, 0]
    left = [(rows[:, 0] < at) if strict else (rows[:, 0] <= at) for at in thresholds]
    left = [np.where(np.isnan(rows[:, 0]), each.missing_left[0], goes) for each, goes in zip(trees, left)]
    assert found.tolist() == sum(np.where(goes, 10.0, 20.0) for goes in left).tolist()


def test_a_column_of_doubles_beside_one_of_float():
    graph = EnsembleGraph(2, request(opsets=OLDER), wide={1})
    wide = tree(threshold=0.1)
    wide.feature = np.where(wide.feature == 0, 1, wide.feature)
    rows = np.array([[0.5, 0.1], [2.0, np.nextafter(0.1, 1.0)]])
    found = results(graph, [graph.trees([tree(threshold=1.0), wide], 1, False)], [TensorProto.FLOAT], X=rows)[0]
    assert found[:, 0].tolist() == [20.0, 40.0]


def test_originals_that_round_their_rows():
    graph = EnsembleGraph(1, request("double"))
    graph.round_input()
    rows = np.array([[1.0 + 1e-9], [1.0 + 1e-6]])
    assert results(graph, [graph.trees([tree()], 1, False)], [TensorProto.FLOAT], X=rows)[0][:, 0].tolist() == [10.0, 20.0]


class Stump(Boosted):
    title, own, width, rounds = "Stump", None, 2, False

    def __init__(self, trees):
        super().__init__()
        self.trees = trees

    def traits(self, sample):
        return [Trait(True), Trait(False, ["a", "b"])]

    def predict(self, columns):
        raise ValueError("bad\nrows")

    def write(self, graph):
        return []

    def has_categories(self):
        return True

    def libraries(self):
        return {}


def test_thresholds_of_nodes_with_regions_are_none():
    found = list(Stump([tree(), tree(Regions([], [True], True))]).thresholds())
    assert [threshold.tolist() for _, threshold in found] == [[1.0], []]


def test_rows_that_are_made_up():
    columns = [Column("x", 0, "number", "float", True), Column("t", 1, "category", "int64", False, ["a", "b"])]
    rows = synthetic_rows(Stump([tree()]), columns, [Trait(True), Trait(False, ["a", "b"])], 200)
    assert np.isnan(rows["x"]).any() and (rows["x"] <= 1).any() and (rows["x"] > 1).any()
    assert set(rows["t"]) == {"a", "b"}


def test_an_original_that_fails_says_why():
    with pytest.raises(ConverterError, match="Stump itself fails on these rows: ValueError: bad$") as raised:
        original(Stump([]), [], {})
    assert raised.value.code == "COLUMN_MISMATCH"
    with pytest.raises(NotImplementedError, match="Stump has no decision_function"):
        Stump([]).margins(None)


def test_columns_by_what_is_known_of_them():
    assert make_column("t", 0, Trait(False, ["a"], unknown="error"), None, "float").facts()["unknown"] == "error"
    assert make_column("n", 0, Trait(True, codes=[1], exact=True), None, "float").type == "int64"
    assert make_column("x", 0, Trait(True), np.array([1.0]), "double").type == "double"
    with pytest.raises(ConverterError, match="holds text in the sample"):
        make_column("x", 0, Trait(True), np.array(["a"], dtype=object), "float")


def test_outputs_of_boosters():
    assert values(np.zeros(2)).names == ["variable1"]
    assert values(np.zeros((2, 2)), "score").names == ["score_0", "score_1"]
    assert probabilities(np.zeros(2), ["no", "yes"]).names == ["probability_yes"]
    assert labels(np.array([1.0, 2.0]), [1.0, 2.0]).values.tolist() == [[1], [2]]
    assert labels(np.array(["a"]), ["a"]).labels == ["a"]
    with pytest.raises(ConverterError, match="not whole numbers"):
        labels(np.array([0.5]), [0.5])
