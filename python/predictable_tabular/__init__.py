"""What converters of tabular models share whose ONNX is written by ourselves: made-up rows, and the answer."""
