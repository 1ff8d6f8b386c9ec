import numpy as np
import pytest
from predictable_facts.thresholds import near_thresholds, rounded_down

LARGEST = float(np.finfo(np.float32).max)
LEAST = float(np.finfo(np.float32).smallest_subnormal)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.5, 0.5),
        (0.0, 0.0),
        (0.1, np.nextafter(np.float32(0.1), np.float32(0))),
        (0.3, np.nextafter(np.float32(0.3), np.float32(0))),
        (0.7, np.float32(0.7)),
        (-0.1, np.float32(-0.1)),
        (16777217.0, 16777216.0),
        (-16777217.0, -16777218.0),
        (1 + 2**-24, 1.0),
        (1 + 2**-24 + 2**-50, 1.0),
        (LARGEST, LARGEST),
        (1e300, LARGEST),
        (-1e300, -np.inf),
        (np.inf, np.inf),
        (-np.inf, -np.inf),
        (LEAST, LEAST),
        (LEAST / 2, 0.0),
        (LEAST * 1.5, LEAST),
        (-LEAST / 2, -LEAST),
    ],
)
def test_the_largest_float_that_is_not_above(value, expected):
    (found,) = rounded_down(np.array([value]))
    assert found == float(expected)


def test_nan_stays():
    assert np.isnan(rounded_down(np.array([np.nan]))).all()


def test_a_float_goes_the_same_way_as_before_for_any_threshold():
    random = np.random.default_rng(1)
    values = np.ldexp(random.uniform(-1, 1, 20_000), random.integers(-160, 130, 20_000))
    found = rounded_down(values)
    assert (found <= values).all()
    inside = np.isfinite(found) & (np.abs(found) < LARGEST)
    with np.errstate(over="ignore"):
        after = np.nextafter(found[inside].astype(np.float32), np.float32(np.inf)).astype(np.float64)
    assert (after > values[inside]).all()


def test_rows_fall_on_both_sides_of_every_threshold():
    features = np.array([0, 0, 2])
    thresholds = np.array([1.0, 5.0, -3.0])
    rows = near_thresholds([(features[:2], thresholds[:2]), (features[2:], thresholds[2:])], 3, 500, np.random.default_rng(2))
    assert rows.shape == (500, 3)
    for feature, threshold in zip(features, thresholds):
        column = rows[:, feature]
        assert (column < threshold).any() and (column == threshold).any() and (column > threshold).any()


def test_thresholds_that_are_not_finite_are_passed_over():
    rows = near_thresholds([(np.array([0, 0]), np.array([np.inf, np.nan]))], 1, 50, np.random.default_rng(3))
    assert np.isfinite(rows).all()


def test_made_up_rows_are_the_same_every_time():
    trees = [(np.array([0]), np.array([2.5]))]
    one, other = (near_thresholds(trees, 2, 20, np.random.default_rng(4)) for _ in range(2))
    assert np.array_equal(one, other)
