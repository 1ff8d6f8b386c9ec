import numpy as np
import pytest
from predictable_bridge.errors import ConverterError
from predictable_facts.asking import Original, affordable, ask
from predictable_facts.columns import Column
from predictable_facts.frames import text_array
from predictable_facts.knowledge import Knowledge
from predictable_facts.numbers import around, holdable
from predictable_facts.outputs import value
from predictable_facts.probes import make_probes, shares
from predictable_facts.rows import rounded

AGE = Column("age", 0, "number", "float", True)
PRICE = Column("price", 1, "number", "double", False)
ID = Column("id", 2, "number", "int64", False)
CITY = Column("city", 3, "category", "int64", True, ["Lund", "Malmö"], "zeros")
COLUMNS = [AGE, PRICE, ID, CITY]
ROWS = {
    "age": np.array([20.5, np.nan, 70.25]),
    "price": np.array([1.1, 2.2, 3.3]),
    "id": np.array([1, 2, 3]),
    "city": text_array(["Lund", "Malmö", "Lund"]),
}
KNOWN = Knowledge(
    thresholds={"age": np.array([0.1, np.inf, np.nan]), "id": np.array([2.5])}, markers={"price": [-999]}, codes={"id": [1.0, 2.0]}
)
SEED = "ab" * 32


def probes(count=400, knowledge=KNOWN, columns=COLUMNS, rows=ROWS, seed=SEED):
    return make_probes(columns, rows, knowledge, count, seed)


def values_of(kind, column, made=None):
    made = made or probes()
    places = [at for at, found in enumerate(made.kinds) if found == (kind, column)]
    return made.rows[column or "age"][places]


def same(one, other):
    return all(np.array_equal(one[name], other[name], equal_nan=one[name].dtype.kind == "f") for name in one)


def test_same_seed_same_rows():
    assert same(probes().rows, probes().rows)
    assert not same(probes().rows, probes(seed="cd" * 32).rows)


def test_rows_are_as_many_as_wanted_and_typed_as_the_sample():
    made = probes()
    assert len(made) == 400 and sum(run["rows"] for run in made.facts()) == 400
    assert {name: values.dtype for name, values in made.rows.items()} == {name: values.dtype for name, values in ROWS.items()}


def test_null_in_each_nullable_column_and_in_all():
    assert np.isnan(values_of("null", "age")).all()
    made = probes()
    everywhere = [at for at, found in enumerate(made.kinds) if found == ("null", None)]
    assert everywhere and np.isnan(made.rows["age"][everywhere]).all() and set(made.rows["city"][everywhere]) == {None}
    assert not np.isnan(made.rows["price"]).any()


def test_values_of_each_kind():
    assert set(values_of("marker", "price")) == {-999.0}
    assert set(values_of("category", "city")) == {"Lund", "Malmö"} and set(values_of("category", "id")) == {1, 2}
    assert set(values_of("unknown", "city")) == {"never seen", ""} and set(values_of("unknown", "id")) == {0, 3}
    assert {20.5, 70.25} < set(values_of("extreme", "age")) and min(values_of("extreme", "age")) < 0
    assert {str(zero) for zero in values_of("zero", "price")} == {"0.0", "-0.0"}
    assert {2**24 + 1, 2**53 + 1} < set(values_of("large", "id").tolist()) and not len(values_of("large", "age"))


def test_thresholds_from_both_sides_in_the_type_of_the_column():
    at = np.float32(0.1)  # a little more than 0.1
    below = at if float(at) <= 0.1 else np.nextafter(at, np.float32(-1))
    sides = [np.nextafter(below, np.float32(-1)), below, np.nextafter(below, np.float32(1))]
    assert sorted(set(values_of("threshold", "age"))) == [float(side) for side in sides]
    assert set(values_of("threshold", "id")) == {1, 2, 3}
    assert around(PRICE, np.array([1.5])) == [[1.5, np.nextafter(1.5, 2), np.nextafter(1.5, 1)]]


def test_values_are_such_as_sql_holds():
    tiny = float(np.finfo(np.float32).tiny)
    more = float(np.nextafter(np.float32(tiny), np.float32(1)))
    assert around(AGE, np.array([0.0, tiny, -tiny])) == [[0.0, tiny, -tiny], [tiny, more, 0.0], [-tiny, 0.0, -more]]
    assert holdable(AGE, np.array([np.inf, np.nan, 1e300, 1e-42, 1.0])).tolist() == [1.0]
    assert holdable(Column("n", 0, "number", "float", False, within=(0, 9)), np.array([-1.0, 4, 10])).tolist() == [4.0]


def test_a_row_at_a_threshold_is_like_the_nearest_of_the_sample():
    made = probes(knowledge=Knowledge(thresholds={"price": np.array([3.0])}))
    places = [at for at, found in enumerate(made.kinds) if found == ("threshold", "price")]
    assert set(made.rows["age"][places]) == {70.25}


def test_a_third_is_spread_by_kind_however_many_thresholds():
    given = shares({"mixed": 800, "null": 1, "category": 3000, "threshold": 60_000}, 2000)
    assert sum(given.values()) == 2000
    assert given["null"] == 166 and min(given["mixed"], given["category"], given["threshold"]) > 500


@pytest.mark.parametrize("count", [1, 7])
def test_few_rows(count):
    assert len(probes(count)) == count


def predict(rows):
    if (rows["price"] < 0).any() or rows["age"].astype(np.float32).tolist() != rows["age"].tolist() and not np.isnan(rows["age"]).any():
        raise ValueError("no such price")
    return [value(rows["price"])]


def test_rows_that_the_original_refuses_are_left_out_and_counted():
    request = {"probeRows": 400, "seed": SEED, "sample": "x"}
    asked = ask(request, COLUMNS, ROWS, predict(rounded(COLUMNS, ROWS)[0]), Original(predict), KNOWN)
    refused = sum(1 for price in probes().rows["price"] if price < 0)
    assert (asked.refused, asked.facts["probes"]["rows"]) == (refused, 400 - refused)
    assert (asked.rows["price"] >= 0).all() and len(asked.rows["price"]) == 3 + 400 - refused
    assert np.array_equal(asked.outputs[0].values[:, 0], asked.rows["price"])


def test_wide_rows_and_slow_originals_get_fewer():
    assert affordable(2000, 300, 100_000, lambda: None) == (40, True)
    assert affordable(2000, 300, 10, lambda: None) == (2000, False)


def test_none_are_made_when_none_are_wanted():
    request = {"probeRows": 0, "seed": SEED, "sample": None}
    asked = ask(request, COLUMNS, ROWS, predict(rounded(COLUMNS, ROWS)[0]), Original(predict), KNOWN)
    assert asked.facts == {"probes": None, "undecided": {}} and asked.rows is ROWS


def batch_dependent(above):
    """An original whose answers for a price above that depend on how many other rows there are."""
    return lambda rows: [value(rows["price"] + np.where(rows["price"] > above, len(rows["price"]) / 100, 0))]


def test_rows_on_which_the_original_contradicts_itself_are_left_out_and_counted():
    request = {"probeRows": 90, "seed": SEED, "sample": "x"}
    original = batch_dependent(3)
    asked = ask(request, COLUMNS, ROWS, original(ROWS), Original(original), KNOWN)
    assert asked.rows["price"].max() <= 3 and asked.undecided["sample"] == (ROWS["price"] > 3).sum() and asked.undecided["mixed"] > 0
    assert len(asked.rows["price"]) == len(asked.outputs[0].values) == (ROWS["price"] <= 3).sum() + len(asked.probes)
    assert "UNDECIDED_ROWS" in [warning["code"] for warning in asked.warnings]


def test_an_original_that_answers_most_rows_otherwise_alone_is_refused():
    request = {"probeRows": 90, "seed": SEED, "sample": "x"}
    original = batch_dependent(-np.inf)
    with pytest.raises(ConverterError, match="depends on the other rows") as caught:
        ask(request, COLUMNS, ROWS, original(ROWS), Original(original), KNOWN)
    assert caught.value.code == "UNSUPPORTED_MODEL"


def test_rows_whose_predictions_hang_on_the_last_bits_of_sums_are_left_out():
    request = {"probeRows": 0, "seed": SEED, "sample": "x"}
    library = Original(lambda rows: [value(rows["price"])], hangs_on_last_bits=lambda rows, outputs: rows["id"] == 2)
    asked = ask(request, COLUMNS, ROWS, [value(ROWS["price"].copy())], library, KNOWN)
    assert asked.rows["id"].tolist() == [1, 3] and asked.undecided == {"sample": 1}


def test_a_small_sample_gets_made_up_rows_and_a_warning():
    made = {**ROWS, "price": np.array([7.0, 8.0, 9.0])}
    request = {"probeRows": 90, "seed": SEED, "sample": "x"}
    asked = ask(request, COLUMNS, ROWS, predict(rounded(COLUMNS, ROWS)[0]), Original(predict, lambda count: made), KNOWN)
    assert {7.0, 8.0, 9.0} < set(asked.rows["price"]) and ("made-up", None) in asked.probes.kinds
    assert asked.warnings[0]["code"] == "SMALL_SAMPLE"
