"""What stands between a fitted estimator and skl2onnx: what is refused, and a copy that it converts rightly."""
