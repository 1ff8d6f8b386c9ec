"""What the converters of LightGBM, XGBoost and CatBoost share: trees as arrays, the graph around them, and one way through a conversion."""
