"""From a file to a fitted estimator, as this version of scikit-learn would have fitted it."""
