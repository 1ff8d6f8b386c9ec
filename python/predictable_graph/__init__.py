"""An ONNX graph that is written by ourselves, node by node, and trees in it."""
