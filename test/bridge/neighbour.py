"""Lies beside the converter."""
