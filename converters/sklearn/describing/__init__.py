"""What a fitted estimator says of itself: its steps, its columns, its outputs, and rows that it takes."""
