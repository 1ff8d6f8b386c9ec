import json
import struct

import numpy as np
import pytest
from predictable_bridge.errors import ConverterError
from running import of_converter

(model_text,) = of_converter("lightgbm", "model_text")
ubjson, xgboost_document = of_converter("xgboost", "ubjson", "document")
catboost_document, statistics = of_converter("catboost", "document", "target_statistics")

TREE = """num_leaves=3
num_cat=1
split_feature=0 1
threshold=0.5 0
decision_type=2 1
left_child=1 -1
right_child=-2 -3
leaf_value=1 2 3
cat_boundaries=0 2
cat_threshold=5 1
is_linear=0
shrinkage=1

"""


def lightgbm_text(tree=TREE, version="v4", **changed):
    block = f"Tree=0\n{tree}\n"
    head = {
        "version": version,
        "num_class": "1",
        "num_tree_per_iteration": "1",
        "max_feature_idx": "1",
        "objective": "regression",
        "feature_names": "a b",
        "feature_infos": "[0:1] 0:2",
        "tree_sizes": str(len(block.encode()) + 1),
        **changed,
    }
    lines = "\n".join(f"{key}={value}" for key, value in head.items())
    return f'tree\n{lines}\n\n{block}\nend of trees\n\nparameters:\nend of parameters\n\npandas_categorical:[["x", "y"]]\n'


def test_a_lightgbm_model():
    model = model_text.parse(lightgbm_text())
    assert (model.width, model.per_iteration, model.pandas_categorical) == (2, 1, [["x", "y"]])
    (tree,) = model.trees
    assert tree.feature.tolist() == [0, 1] and tree.leaf_value.tolist() == [1, 2, 3] and tree.linear is None
    # 5 is bits 0 and 2 of the first word, 1 is bit 0 of the second.
    assert tree.codes(1) == [0, 2, 32]


def test_a_lightgbm_tree_of_one_leaf():
    (tree,) = model_text.parse(lightgbm_text("num_leaves=1\nnum_cat=0\nleaf_value=4\n")).trees
    assert len(tree.feature) == 0 and tree.leaf_value.tolist() == [4]


def test_linear_leaves_of_lightgbm():
    text = TREE.replace("is_linear=0", "is_linear=1\nleaf_const=1 2 3\nnum_features=0 2 1\nleaf_features= 0 1 1\nleaf_coeff= 0.5 -1 2")
    (tree,) = model_text.parse(lightgbm_text(text)).trees
    assert tree.linear == [(1.0, [], []), (2.0, [0, 1], [0.5, -1.0]), (3.0, [1], [2.0])]


def test_old_models_of_lightgbm_end_without_parameters():
    text = lightgbm_text(version="v2").partition("\nparameters")[0]
    assert len(model_text.parse(text).trees) == 1
    with pytest.raises(ConverterError, match="it ends before its parameters do"):
        model_text.parse(text.replace("version=v2", "version=v4"))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("tree\n", "it ends before its trees do"),
        (lightgbm_text(max_feature_idx="2"), "its feature names are not as many"),
        (lightgbm_text(max_feature_idx="x"), "invalid literal"),
        (lightgbm_text(num_tree_per_iteration="2"), "another number of trees"),
        (lightgbm_text(tree_sizes="1"), "its trees are not as long"),
        (lightgbm_text(TREE.replace("num_leaves=3", "num_leaves=0")), "a tree has 0 leaves"),
        (lightgbm_text(TREE.replace("leaf_value=1 2 3", "leaf_value=1 2")), "2 of leaf_value where it needs 3"),
        (lightgbm_text(TREE.replace("left_child=1 -1", "left_child=0 -1")), "do not hang together"),
        (lightgbm_text(TREE.replace("right_child=-2 -3", "right_child=-2 -1")), "do not hang together"),
        (lightgbm_text(TREE.replace("split_feature=0 1", "split_feature=0 2")), "a feature that there is not"),
        (lightgbm_text(TREE.replace("threshold=0.5 0", "threshold=0.5 1")), "categories are not there"),
        (lightgbm_text(TREE.replace("cat_boundaries=0 2", "cat_boundaries=0 9")), "categories are not there"),
        (lightgbm_text(TREE.replace("leaf_value=1 2 3\n", "")), "'leaf_value' is missing"),
    ],
)
def test_what_is_no_whole_lightgbm_model(text, why):
    with pytest.raises(ConverterError) as raised:
        model_text.parse(text)
    assert raised.value.code == "CORRUPT_MODEL" and why in raised.value.message


def ubj(value):
    """As XGBoost writes it, with whole arrays of numbers."""
    if isinstance(value, dict):
        return b"{" + b"".join(ubj_text(key) + ubj(each) for key, each in value.items()) + b"}"
    if isinstance(value, str):
        return b"S" + ubj_text(value)
    if isinstance(value, int):
        return b"l" + struct.pack(">i", value)
    if isinstance(value, np.ndarray):
        marker = {"f4": "d", "i4": "l", "i1": "i", "u1": "U", "f8": "D", "i8": "L"}[value.dtype.str[1:]]
        return f"[${marker}#".encode() + b"L" + struct.pack(">q", value.size) + value.astype(value.dtype.newbyteorder(">")).tobytes()
    return b"[#L" + struct.pack(">q", len(value)) + b"".join(map(ubj, value))


def ubj_text(text):
    return b"L" + struct.pack(">q", len(text.encode())) + text.encode()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"{}", {}),
        (b"[]", []),
        (b"SU\x01a", "a"),
        (b"SU\x02" + "ä".encode(), "ä"),
        (b"T", True),
        (b"Z", None),
        (b"i\xff", -1),
        (b"U\xff", 255),
        (b"I\x01\x00", 256),
        (b"D" + struct.pack(">d", 0.1), 0.1),
        (b"[i\x01i\x02]", [1, 2]),
        (b"[#i\x02FT", [False, True]),
        (ubj({"a": [["b"], []]}), {"a": [["b"], []]}),
    ],
)
def test_ubjson(content, expected):
    assert ubjson.decode(content) == expected


@pytest.mark.parametrize("dtype", ["f4", "f8", "i1", "u1", "i4", "i8"])
def test_arrays_of_ubjson(dtype):
    values = np.array([1, 2, 100], dtype=dtype)
    assert ubjson.decode(ubj({"a": values}))["a"].tolist() == values.tolist()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[",
        b"S",
        b"SU\x05ab",
        b"SU\x01\xff",
        b"X",
        b"[$d#i\x02\0\0\0\0",
        b"[$d#i\xff",
        b"[$di\x01",
        b"[$X#i\x01",
        b"Si\xff",
        b"[" * 100,
        b"{i\x01a" * 100,
    ],
)
def test_what_is_no_whole_ubjson(content):
    with pytest.raises(ValueError, match=r"damaged|too early|too deeply|no length"):
        ubjson.decode(content)


def xgboost_tree(**changed):
    tree = {
        "left_children": np.array([1, -1, -1], dtype="i4"),
        "right_children": np.array([2, -1, -1], dtype="i4"),
        "split_indices": np.array([1, 0, 0], dtype="i4"),
        "split_conditions": np.array([0.5, 1, 2], dtype="f4"),
        "default_left": np.array([1, 0, 0], dtype="u1"),
        "parents": np.array([2**31 - 1, 0, 0], dtype="i4"),
        "tree_param": {"num_nodes": "3", "num_deleted": "0", "size_leaf_vector": "1"},
    }
    return {**tree, **changed}


def sets(**changed):
    """A root that splits by the categories 3 and 5."""
    parts = {"nodes": [0], "segments": [0], "sizes": [2], "": [3, 5], **changed}
    named = {f"categories_{name}".rstrip("_"): np.array(values, dtype="i4") for name, values in parts.items()}
    return xgboost_tree(split_type=np.array([1, 0, 0], dtype="u1"), **named)


def xgboost_model(tree=None, learner=None, rounds=None, **parameters):
    model = {
        "gbtree_model_param": {"num_trees": "1", "num_parallel_tree": "1"},
        "trees": [tree or xgboost_tree()],
        "tree_info": np.array([0], dtype="i4"),
        "iteration_indptr": np.array([0, 1], dtype="i4"),
        **(rounds or {}),
    }
    return ubj(
        {
            "learner": {
                "learner_model_param": {"num_feature": "2", "num_class": "0", "base_score": "[5E-1]", **parameters},
                "feature_names": ["a", "b"],
                "feature_types": ["float", "c"],
                "objective": {"name": "binary:logistic"},
                "gradient_booster": {"name": "gbtree", "model": model},
                **(learner or {}),
            }
        }
    )


def test_an_xgboost_model():
    found = xgboost_document.read_document(xgboost_model())
    assert (found.width, found.groups, found.objective, found.names, found.types) == (2, 1, "binary:logistic", ["a", "b"], ["float", "c"])
    assert found.base.tolist() == [0.5] and found.enc == [None, None]


def test_a_dart_of_xgboost_keeps_its_trees_inside():
    inner = {"gbtree_model_param": {"num_trees": "0"}, "trees": [], "tree_info": np.array([], dtype="i4")}
    booster = {"name": "dart", "weight_drop": np.zeros(0), "gbtree": {"model": inner}}
    found = xgboost_document.read_document(xgboost_model(learner={"gradient_booster": booster}))
    assert found.model["trees"] == []


def test_sets_of_categories_and_too_many_columns_of_xgboost():
    assert xgboost_document.read_document(xgboost_model(sets())).width == 2
    with pytest.raises(ConverterError) as raised:
        xgboost_document.read_document(xgboost_model(learner={"feature_names": []}, num_feature="2000000"))
    assert raised.value.code == "TOO_MANY_COLUMNS"


def test_categories_of_xgboost_are_one_run_of_text():
    text = {"offsets": np.array([0, 1, 4], dtype="i4"), "values": np.frombuffer("aäb".encode(), dtype="i1")}
    found = xgboost_document.categories([text, {"values": np.array([3, 5], dtype="i4")}, {"values": np.array([], dtype="i4")}], 3)
    assert found == [["a", "äb"], [3, 5], None]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"{", "damaged"),
        (ubj({}), "'learner' is missing"),
        (xgboost_model(num_feature="0"), "it has 0 features"),
        (xgboost_model(num_class="2000000000"), "2,000,000,000 outputs"),
        (xgboost_model(num_target="2000000000"), "2,000,000,000 outputs"),
        (xgboost_model(rounds={"gbtree_model_param": {"num_trees": "7"}}), "another number of trees"),
        (xgboost_model(xgboost_tree(id=3)), "a number of their own"),
        (xgboost_model(rounds={"iteration_indptr": np.array([0, 9], dtype="i4")}), "rounds are not made of its trees"),
        (xgboost_model(xgboost_tree(tree_param={"num_nodes": "4"})), "lack some of their parts"),
        (xgboost_model(xgboost_tree(tree_param={"num_nodes": "3", "size_leaf_vector": "2000000000"})), "leaves or nodes"),
        (xgboost_model(xgboost_tree(right_children=np.array([2, 2, -1], dtype="i4"))), "a node with one child"),
        (xgboost_model(xgboost_tree(parents=np.array([0, 2, 0], dtype="i4"))), "do not hang together"),
        (xgboost_model(sets(segments=[9])), "categories are not there"),
        (xgboost_model(sets(sizes=[0])), "categories are not there"),
        (xgboost_model(sets(nodes=[2])), "for a node that there is not"),
        (xgboost_model({**sets(), "categories": np.array([3, -7], dtype="i4")}), "no number of one"),
        (json.dumps({"learner": json.loads("[" * 200 + "]" * 200)}).encode(), "nested too deeply"),
        (b'{"learner": ' + b"[" * 200_000, "nested too deeply"),
        (xgboost_model(num_feature="3"), "its feature names are not as many"),
        (xgboost_model(base_score="x"), "Expecting value"),
        (xgboost_model(xgboost_tree(left_children=np.array([0, -1, -1], dtype="i4"))), "do not hang together"),
        (xgboost_model(xgboost_tree(right_children=np.array([1, -1, -1], dtype="i4"))), "do not hang together"),
        (xgboost_model(xgboost_tree(split_indices=np.array([2, 0, 0], dtype="i4"))), "a feature that there is not"),
        (xgboost_model(xgboost_tree(default_left=np.array([1], dtype="u1"))), "lack some of their parts"),
        (xgboost_model(learner={"gradient_booster": {"name": "gblinear", "model": {"weights": np.zeros(2)}}}), "another number of weights"),
    ],
)
def test_what_is_no_whole_xgboost_model(content, why):
    with pytest.raises(ConverterError) as raised:
        xgboost_document.read_document(content)
    assert raised.value.code == "CORRUPT_MODEL" and why in raised.value.message


CTR = {"ctr_type": "Borders", "target_border_idx": 0, "prior_numerator": 0.5, "prior_denomerator": 1, "shift": 0, "scale": 15}


def ctr(identifier="0", elements=(("cat_feature_value", 0),), **changed):
    names = {
        "cat_feature_value": "cat_feature_index",
        "float_feature": "float_feature_index",
        "cat_feature_exact_value": "cat_feature_index",
    }
    described = [{"combination_element": kind, names.get(kind, "x"): at, "border": 0.5, "value": 7} for kind, at in elements]
    return {"identifier": identifier, "elements": described, "borders": [4.0], **CTR, **changed}


def table(*rows):
    flat = [part for row in rows for part in row]
    return {"hash_stride": len(rows[0]), "hash_map": flat, "counter_denominator": 10}


def test_a_catboost_model():
    found = {
        "features_info": {
            "float_features": [{"borders": [0.5, 1.5]}],
            "categorical_features": [{"values": [3]}],
            "cat_features_hash": [{"value": "a", "hash": 2**32 - 1}, {"value": "b", "hash": 5}],
        },
        "scale_and_bias": [2, [0.5]],
        "oblivious_trees": [{}],
        "model_info": {"params": {"loss_function": {"type": "RMSE"}}},
    }
    document = catboost_document.document_of(json.loads(json.dumps(found)))
    assert (document.width, document.first_ctr_split, document.scale, document.bias, document.loss) == (2, 3, 2.0, [0.5], "RMSE")
    assert document.hashes == {"a": -1, "b": 5} and document.free == []


@pytest.mark.parametrize(("value", "signed"), [(0, 0), (2**31 - 1, 2**31 - 1), (2**31, -(2**31)), (2**32 - 1, -1)])
def test_numbers_of_categories_have_a_sign(value, signed):
    assert catboost_document.signed(value) == signed


@pytest.mark.parametrize(
    ("kind", "border", "counts", "expected"),
    [
        ("Borders", 0, [3.0, 1.0], (1.0, 4.0)),
        ("Borders", 1, [3.0, 1.0, 2.0], (2.0, 6.0)),
        ("Buckets", 0, [3.0, 1.0], (3.0, 4.0)),
        ("Counter", 0, [3.0], (3.0, 10)),
        ("FloatTargetMeanValue", 0, [2.5, 5.0], (2.5, 5.0)),
    ],
)
def test_a_statistic_is_a_mean_with_a_prior(kind, border, counts, expected):
    (found,) = statistics.statistics_of(
        [ctr(ctr_type=kind, target_border_idx=border)], {"0": table([11, *counts], [statistics.FREE, *counts])}
    )
    assert list(found.table) == [11]
    good, total = expected
    assert found.value(11) == np.float32((np.float32(good) + np.float32(0.5)) / np.float32(total + 1) * np.float32(15))
    assert found.value(None) == found.value(99) == np.float32(7.5)


def test_categories_above_a_border():
    hashes = [5, -6, 7]
    keys = [statistics.mixed(0, number) for number in hashes]
    (found,) = statistics.statistics_of([ctr()], {"0": table([keys[0], 0, 9], [keys[1], 9, 0])})
    assert found.is_simple
    assert statistics.codes_above(found, 7.0, hashes) == ([0, 2], True)
    assert statistics.codes_above(found, 8.0, hashes) == ([0], False)
    assert statistics.keys(found, [hashes]).tolist() == keys
    assert statistics.is_complete(found, [hashes]) and not statistics.is_complete(found, [hashes[1:]])


def test_a_table_of_combinations():
    entry = ctr(elements=(("cat_feature_value", 0), ("float_feature", 3)))
    key = statistics.mixed(statistics.mixed(0, 5), 1)
    (found,) = statistics.statistics_of([entry], {"0": table([key, 0, 9])})
    assert not found.is_simple and found.bits == [(3, 0.5)]
    # Of category 5 without and with the bit, then of an unknown one.
    known = float(found.value(key))
    assert statistics.looked_up(found, [[5]]).tolist() == [7.5, known, 7.5, 7.5]


def test_other_statistics_are_refused():
    with pytest.raises(ConverterError, match="CatBoost's odd in a statistic of categories is not known"):
        statistics.statistics_of([ctr(elements=(("odd", 0),))], {"0": table([1, 2])})
    (found,) = statistics.statistics_of([ctr()], {"0": table([1, 2, 3])})
    with pytest.raises(ConverterError, match="combinations"):
        statistics.keys(found, [list(range(2**18))])
