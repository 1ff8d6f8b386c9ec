"""Which way a value goes, as the boosters themselves say it: XGBoost's and LightGBM's own rules against the regions of our trees."""

import numpy as np
import pytest
from running import of_converter

xgboost_document, xgboost_growing = of_converter("xgboost", "document", "growing")
lightgbm_text, lightgbm_growing = of_converter("lightgbm", "model_text", "growing")

VALUES = [-1e9, -2.0, -1.0, -0.5, -1e-40, 0.0, 1e-40, 0.4, 0.5, 0.99, 1.0, 1.5, 2.0, 2.7, 3.0, 4.0, 31.0, 32.0, 32.5, 1e9, np.nan]


def goes_left(regions, value):
    return regions.missing_left if np.isnan(value) else regions.left[np.searchsorted(regions.bounds, value, side="right")]


@pytest.mark.parametrize("default_left", [False, True])
@pytest.mark.parametrize("codes", [[0], [1], [0, 1], [2, 4], [0, 2, 32]])
def test_numbers_that_are_categories_of_xgboost(codes, default_left):
    regions = xgboost_growing.split(codes, default_left, None)
    for value in VALUES:
        # What is below 0 is no category; the fraction is cut off.
        expected = default_left if np.isnan(value) else value < 0 or int(value) not in codes
        assert goes_left(regions, value) == expected, value


@pytest.mark.parametrize("default_left", [False, True])
@pytest.mark.parametrize("codes", [[0], [1], [0, 2], [0, 1, 2]])
def test_text_that_xgboost_keeps(codes, default_left):
    regions = xgboost_growing.split(codes, default_left, ["a", "b", "c"])
    for code in (-1.0, 0.0, 1.0, 2.0, np.nan):
        expected = default_left if np.isnan(code) or code < 0 else code not in codes
        assert goes_left(regions, code) == expected, code


def test_whole_numbers_that_xgboost_keeps():
    regions = xgboost_growing.split([0, 2], False, [10, 20, 30])
    assert [goes_left(regions, float(value)) for value in (10, 20, 30, 40)] == [False, True, False, True]


def text_tree(decision, threshold, words=()):
    """One node: its leaves are 1 on the left and 2 on the right."""
    whole, number = (lambda *values: np.array(values, dtype=np.int64)), np.array
    return lightgbm_text.TextTree(
        whole(0), number([threshold]), whole(decision), whole(-1), whole(-2), number([1.0, 2.0]), whole(0, len(words)), whole(*words), None
    )


def side(tree, value):
    if 0 in tree.regions:
        return goes_left(tree.regions[0], value)
    return bool(tree.missing_left[0]) if np.isnan(value) else bool(value <= tree.threshold[0])


def decided(decision, threshold, value):
    """NumericalDecision of LightGBM's tree.h."""
    missing, default_left = decision >> 2 & 3, bool(decision & 2)
    if np.isnan(value) and missing != 2:
        value = 0.0
    is_zero = abs(value) <= np.float32(1e-35)
    if missing == 1 and is_zero or missing == 2 and np.isnan(value):
        return default_left
    return value <= threshold


@pytest.mark.parametrize("threshold", [-1.5, -1e-40, 0.0, 1e-40, 0.5, 2.0])
@pytest.mark.parametrize("default_left", [0, 2])
@pytest.mark.parametrize("missing", [0, 1, 2])
def test_numbers_of_lightgbm(threshold, default_left, missing):
    decision = default_left | missing << 2
    tree = lightgbm_growing.grow(text_tree(decision, threshold), 0, 1.0, {})
    for value in VALUES:
        # LightGBM reads what is that near to 0 as 0 (Common::AvoidInf and its parser); thresholds among these lie at their edge.
        near = 0.0 if abs(value) <= np.float32(1e-35) else value
        assert side(tree, value) == decided(decision, threshold, near), value


@pytest.mark.parametrize(("words", "codes"), [([0b101], {0, 2}), ([0b10], {1}), ([1, 1], {0, 32})])
def test_numbers_that_are_categories_of_lightgbm(words, codes):
    tree = lightgbm_growing.grow(text_tree(1 | 2 << 2, 0, words), 0, 1.0, {})
    for value in VALUES:
        # CategoricalDecision of tree.h: the fraction is cut off, and what is missing or below 0 is in no set.
        assert side(tree, value) == (not np.isnan(value) and int(value) >= 0 and int(value) in codes), value


def test_leaves_are_scaled_and_belong_to_a_target():
    tree = lightgbm_growing.grow(text_tree(0, 0.5), 3, 0.5, {})
    assert tree.values[tree.feature < 0].ravel().tolist() == [0.5, 1.0] and tree.targets == [3]
