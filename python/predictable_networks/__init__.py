"""What the converters of neural networks share: tensors as columns, pictures, reference predictions."""
