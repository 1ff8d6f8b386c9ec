"""What runs on the nodes of a Ray cluster: one conversion as one task. Nodes get this and the converters from the driver."""
