import numpy as np
import pytest
from predictable_bridge.errors import ConverterError
from predictable_facts.columns import MISSING_TEXT, NONE_TEXT, Column, check_sample, column_names, unique

SAMPLE = {"age": np.array([1.0]), "size": np.array([2.0])}


def test_facts_of_a_number():
    assert Column("age", 0, "number", "float", True).facts() == {"name": "age", "kind": "number", "type": "float", "acceptsMissing": True}


@pytest.mark.parametrize(("accepts", "text"), [(True, MISSING_TEXT), (False, None)])
def test_facts_of_text(accepts, text):
    facts = Column("sex", 1, "category", "int64", accepts, ["f", "m"], "zeros").facts()
    assert facts["categories"] == ["f", "m"]
    assert facts["unknown"] == "zeros"
    assert facts["missingText"] == text


@pytest.mark.parametrize(
    ("own", "count", "asked", "sample", "expected"),
    [
        (None, 2, ["a", "b"], None, ["a", "b"]),
        (["x", "y"], 2, ["a", "b"], None, ["a", "b"]),
        (["x", "y"], 2, None, SAMPLE, ["x", "y"]),
        (None, 2, None, SAMPLE, ["age", "size"]),
        (None, None, None, SAMPLE, ["age", "size"]),
        (None, None, ["a"], None, ["a"]),
    ],
)
def test_names_are_those_asked_for_or_the_models_or_the_samples(own, count, asked, sample, expected):
    assert column_names("The model", own, count, asked, sample) == expected


@pytest.mark.parametrize(
    ("own", "count", "asked", "sample", "code"),
    [
        (None, 3, None, None, "MISSING_COLUMNS"),
        (None, None, None, None, "MISSING_COLUMNS"),
        (None, 3, ["a", "b"], None, "COLUMN_MISMATCH"),
        (None, 1, ["a", "b"], None, "COLUMN_MISMATCH"),
        (None, 3, None, SAMPLE, "COLUMN_MISMATCH"),
        (None, 2, ["a", "A"], None, "NAME_COLLISION"),
        (["x", "X"], 2, None, None, "NAME_COLLISION"),
    ],
)
def test_names_that_cannot_be(own, count, asked, sample, code):
    with pytest.raises(ConverterError) as raised:
        column_names("The model", own, count, asked, sample)
    assert raised.value.code == code


def test_more_names_than_columns_where_that_is_allowed():
    assert column_names("The model", None, 1, ["a", "b"], None, more=True) == ["a", "b"]


def test_the_message_says_how_many_are_needed():
    with pytest.raises(ConverterError, match="Pipeline was fitted without column names, so its 3 columns cannot be named") as raised:
        column_names("Pipeline", None, 3, None, None)
    assert raised.value.details == {"needed": 3}


@pytest.mark.parametrize("names", [["a", "A"], ["straße", "STRASSE"], ["x", "y", "x"]])
def test_names_differ_by_more_than_case(names):
    with pytest.raises(ConverterError, match="Two columns have the same name"):
        unique(names)


def test_a_sample_may_have_more_columns():
    check_sample(["age"], ["size", "age"])


def test_a_sample_without_a_column_says_which_may_be_meant():
    with pytest.raises(ConverterError) as raised:
        check_sample(["body_mass", "sex"], ["Body_Mass_g", "island"])
    assert raised.value.code == "COLUMN_MISMATCH"
    assert raised.value.details["nearest"] == {"body_mass": "Body_Mass_g"}
    assert "body_mass (perhaps Body_Mass_g), sex" in raised.value.message


def test_of_many_missing_columns_ten_are_named():
    with pytest.raises(ConverterError, match="lacks 12 of the model's 12 columns: .*w9 and 2 more"):
        check_sample([f"w{at}" for at in range(12)], [])


def test_null_is_none_where_the_model_learnt_that():
    column = Column("sex", 1, "category", "int64", True, ["f", "m"], "zeros", none=True)
    assert column.facts()["missingText"] == NONE_TEXT
