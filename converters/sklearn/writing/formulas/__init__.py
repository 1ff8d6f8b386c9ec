"""Formulas that several of the estimators share, written as nodes."""
