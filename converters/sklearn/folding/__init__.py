"""Steps before trees, folded into the trees' thresholds: a comparison of what the steps make of a column becomes one of the column."""
