"""From a prepared estimator to raw ONNX: by skl2onnx, and by converters of our own where it has none or a wrong one."""
