"""What the converters of Keras models share: what a file says of its model, what in it runs code, and which Keras loads it."""
