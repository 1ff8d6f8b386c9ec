"""What the converters that let TensorFlow load a file share: which operators such a file may name, and which files of its own it may read."""
