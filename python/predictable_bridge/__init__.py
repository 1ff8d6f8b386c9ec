"""The bridge alone: the host that answers requests, its guard and its errors. It knows nothing of models."""
