"""What somebody would write by hand: convert one scikit-learn model, check it with onnxruntime, save it.

    python convert_one.py MODEL SAMPLE OUT

`convert` also checks rows made of the sample's values, as many as it is told.
"""

from __future__ import annotations

import sys

import joblib
import numpy as np
import onnxruntime
import pandas
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType


def convert(model_file: str, sample_file: str, out: str, made_up: int = 0) -> None:
    model = joblib.load(model_file)
    rows = pandas.read_csv(sample_file)[list(model.feature_names_in_)].astype(np.float32)
    if made_up > 0:
        random = np.random.default_rng(0)
        mixed = {name: random.choice(values.to_numpy(), made_up) for name, values in rows.items()}
        rows = pandas.concat([rows, pandas.DataFrame(mixed)], ignore_index=True)
    classifier = hasattr(model, "predict_proba")
    onnx = to_onnx(
        model,
        initial_types=[("X", FloatTensorType([None, rows.shape[1]]))],
        target_opset={"": 17, "ai.onnx.ml": 3},
        options={"zipmap": False} if classifier else None,
    )
    text = onnx.SerializeToString()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(text, options, providers=["CPUExecutionProvider"])
    got = session.run(None, {"X": rows.to_numpy()})
    if classifier:
        assert (got[0] == model.predict(rows)).all()
        np.testing.assert_allclose(got[1], model.predict_proba(rows), rtol=1e-4, atol=1e-5)
    else:
        np.testing.assert_allclose(got[0].ravel(), np.ravel(model.predict(rows)), rtol=1e-4, atol=1e-5)
    with open(out, "wb") as file:
        file.write(text)


if __name__ == "__main__":
    convert(*sys.argv[1:4])
