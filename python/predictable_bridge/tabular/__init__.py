"""What converters share whose ONNX is written by ourselves: samples, made-up rows, graphs, trees, and the answer."""
