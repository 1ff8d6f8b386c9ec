import json

import numpy as np
import pytest
from predictable_bridge.errors import ConverterError
from predictable_facts.answer import conversion, prediction, with_python
from predictable_facts.columns import Column
from predictable_facts.frames import read_columns
from predictable_facts.outputs import (
    Output,
    class_names,
    class_text,
    label,
    output_columns,
    output_facts,
    probabilities,
    value,
    with_free_names,
)
from predictable_facts.reference import named_as, same_values, write_reference


@pytest.mark.parametrize(("given", "text"), [(True, "1"), (np.False_, "0"), (2.0, "2"), (np.float64(3), "3"), (4, "4"), ("a.b", "a.b")])
def test_a_class_as_text(given, text):
    assert class_text(given) == text


def test_names_of_classes():
    assert class_names("probability", np.array([0, 1])) == ["probability_0", "probability_1"]
    assert class_names("score", np.array(["a"]), "target") == ["score_target_a"]


def test_labels_of_codes():
    assert label(np.array([1, 0])).values.tolist() == [[1], [0]]
    found = label(np.array([1, 0]), ["no", "yes"])
    assert found.values.tolist() == [["yes"], ["no"]] and found.labels == ["no", "yes"]


def test_facts_of_outputs():
    assert output_facts(value(np.zeros(2)), "t1") == {"tensor": "t1", "names": ["variable1"], "role": "value"}
    assert output_facts(label(np.zeros(2), ["a"]), "t2")["labels"] == ["a"]
    assert list(output_columns([label(np.zeros(2)), probabilities(np.zeros((2, 2)), ["a", "b"])])) == [
        "label",
        "probability_a",
        "probability_b",
    ]


def test_names_that_are_taken_get_a_number():
    outputs = [Output(["Score", "score"], "score", np.zeros((1, 2))), Output(["label"], "label", np.zeros((1, 1)))]
    warnings = with_free_names(outputs, ["LABEL", "score_2"])
    assert [output.names for output in outputs] == [["Score", "score_3"], ["label_2"]]
    assert [warning["code"] for warning in warnings] == ["OUTPUT_RENAMED"] * 2


def request(tmp_path, sample=None):
    return {"work": str(tmp_path), "sample": sample}


def test_a_reference_is_frames_in_the_work_folder(tmp_path):
    outputs = [value(np.array([1.0, 2.0]))]
    found = write_reference(request(tmp_path), {"x": np.array([0.1, 0.2])}, outputs)
    assert found["by"] == "native" and found["rowsSource"] == "synthetic" and found["expectedUnrounded"] is None
    assert read_columns(found["rows"])["x"].tolist() == [0.1, 0.2]
    assert read_columns(found["expected"])["variable1"].tolist() == [1.0, 2.0]


def test_what_is_predicted_of_rows_as_they_are_goes_by_the_same_names(tmp_path):
    outputs = [Output(["renamed"], "value", np.array([[1.0]]))]
    found = write_reference(request(tmp_path, "sample"), {"x": np.array([0.1])}, outputs, [value(np.array([1.5]))])
    assert found["rowsSource"] == "sample"
    assert {name: values.tolist() for name, values in read_columns(found["expectedUnrounded"]).items()} == {"renamed": [1.5]}


def test_as_many_outputs_of_rounded_rows_as_of_others():
    with pytest.raises(ValueError, match="1 outputs of rounded rows, and 0"):
        named_as([value(np.zeros(1))], [])


def test_the_same_to_the_last_digit():
    one = [value(np.array([0.1, np.nan]))]
    assert same_values(one, [value(np.array([0.1, np.nan]))])
    assert not same_values(one, [value(np.array([np.nextafter(0.1, 1), np.nan]))])
    assert same_values([label(np.array([0]), ["a"])], [label(np.array([0]), ["a"])])


def test_the_answers_are_json():
    column = Column("x", 0, "number", "float", True)
    found = conversion(title="A", libraries={}, onnx="raw.onnx", columns=[column], inputs=[], outputs=[], reference={}, warnings=[])
    assert json.loads(json.dumps(found))["columns"] == [column.facts()]
    assert prediction({"by": "native"}, []) == {"reference": {"by": "native"}, "warnings": []}
    assert list(with_python({"onnx": "1"})) == ["python", "onnx", "numpy"]


def test_an_error_as_a_document():
    error = ConverterError("UNSUPPORTED_MODEL", "It is odd.", "Do it again.", next="nothing", needed=2)
    expected = {"code": "UNSUPPORTED_MODEL", "message": "It is odd.", "hint": "Do it again.", "next": "nothing", "details": {"needed": 2}}
    assert error.document() == expected
    assert ConverterError("INTERNAL", "No.").document() == {"code": "INTERNAL", "message": "No."}
    with pytest.raises(ValueError, match="none of"):
        ConverterError("INTERNAL", "No.", next="somewhere")
