import numpy as np
import pytest
from predictable_bridge.errors import ConverterError
from predictable_facts.columns import Column
from predictable_facts.frames import text_array
from predictable_facts.rows import category_text, is_missing, matrix, rounded, sample_rows

NUMBER = Column("x", 0, "number", "float", True)
STRICT = Column("x", 0, "number", "float", False)
WHOLE = Column("n", 0, "number", "int64", False)
TEXT = Column("t", 0, "category", "int64", True, ["a", "b"], "zeros")
CLOSED = Column("t", 0, "category", "int64", False, ["a", "b"], "error")


@pytest.mark.parametrize(("value", "missing"), [(None, True), (np.nan, True), (np.float32("nan"), True), (0.0, False), ("", False)])
def test_what_is_missing(value, missing):
    assert bool(is_missing(value)) is missing


@pytest.mark.parametrize(
    ("value", "categories", "expected"),
    [
        ("a", ["a"], "a"),
        (None, ["a"], None),
        (np.nan, ["a"], None),
        (3.0, ["3"], "3"),
        (3.0, ["3.0"], "3.0"),
        (2.5, ["2.5"], "2.5"),
        (7, ["7"], "7"),
    ],
)
def test_codes_kept_as_text_come_as_numbers(value, categories, expected):
    assert category_text(Column("t", 0, "category", "int64", True, categories), value) == expected


@pytest.mark.parametrize(
    ("column", "values", "kept", "why"),
    [
        (NUMBER, [1.0, np.nan], [1.0, np.nan], None),
        (STRICT, [1.0, np.nan], [1.0], "1 of 2 sample rows are left out: column x is missing there, which the model does not take"),
        (WHOLE, [1.0, 1.5, 2.0], [1, 2], "1 of 3 sample rows are left out: column n is not a whole number there"),
        (TEXT, ["a", "z", None], ["a", "z", None], None),
        (CLOSED, ["a", "z"], ["a"], "1 of 2 sample rows are left out: column t has a value there that the model has not seen"),
        (
            Column("x", 0, "number", "float", False, within=(0, 9)),
            [-1.0, 0.0, 9.0, 9.5],
            [0.0, 9.0],
            "2 of 4 sample rows are left out: column x is outside of 0 to 9 there, where the model stops",
        ),
    ],
)
def test_rows_that_the_original_takes(column, values, kept, why):
    given = text_array(values) if column.text else np.array(values)
    rows, warnings = sample_rows([column], {column.name: given})
    assert rows[column.name].tolist() == pytest.approx(kept, nan_ok=True) if not column.text else rows[column.name].tolist() == kept
    assert [warning["message"] for warning in warnings] == ([] if why is None else [why])


def test_whole_numbers_are_kept_as_such():
    rows, _ = sample_rows([WHOLE], {"n": np.array([1.0, 2.0])})
    assert rows["n"].dtype == np.int64


def test_a_sample_of_rows_that_all_fail_is_an_error():
    with pytest.raises(ConverterError) as raised:
        sample_rows([STRICT], {"x": np.array([np.nan])})
    assert raised.value.code == "NULL_VALUE"


def test_a_long_sample_is_cut():
    rows, warnings = sample_rows([NUMBER], {"x": np.arange(10.0)}, limit=4)
    assert rows["x"].tolist() == [0, 1, 2, 3]
    assert warnings == [{"code": "SAMPLE_TRUNCATED", "message": "the sample has 10 rows: the first 4 are used"}]


@pytest.mark.parametrize(
    ("values", "changed"),
    [([0.5, 1.0], False), ([0.1], True), ([np.nan, 0.5], False), ([np.nan, 0.1], True), ([1e300], True), ([np.inf], False)],
)
def test_rounding_to_what_the_column_holds(values, changed):
    given = {"x": np.array(values)}
    rows, found = rounded([NUMBER], given)
    assert found is changed
    with np.errstate(over="ignore"):
        assert np.array_equal(rows["x"], given["x"].astype(np.float32).astype(np.float64), equal_nan=True)


def test_a_double_column_is_not_rounded():
    rows, changed = rounded([Column("x", 0, "number", "double", True)], {"x": np.array([0.1])})
    assert not changed and rows["x"][0] == 0.1


def test_a_matrix_has_the_columns_in_order():
    columns = [Column("b", 0, "number", "float", True), Column("a", 1, "number", "int64", False)]
    assert matrix(columns, {"a": np.array([1, 2]), "b": np.array([0.5, 1.5])}).tolist() == [[0.5, 1], [1.5, 2]]
