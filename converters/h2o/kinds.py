"""What this converter takes: each has a sample, which a test sees to."""

from __future__ import annotations

KINDS = [
    *(f"Gradient Boosting Machine({name})" for name in ("gaussian", "bernoulli", "multinomial", "poisson", "gamma", "tweedie")),
    *(f"Gradient Boosting Machine({name})" for name in ("laplace", "quantile", "huber")),
    *(f"Distributed Random Forest({name})" for name in ("regression", "classification")),
    *(f"Generalized Linear Modeling({name})" for name in ("gaussian", "binomial", "multinomial", "poisson", "gamma", "tweedie")),
]
