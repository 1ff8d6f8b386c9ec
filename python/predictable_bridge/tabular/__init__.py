"""What converters share whose ONNX is written by ourselves: columns, rows, outputs, graphs, trees, and the answer."""
