"""What the converters that let TensorFlow load a file share: which operators it may name, and which files of its own it may read."""
