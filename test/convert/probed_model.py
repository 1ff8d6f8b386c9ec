"""A pipeline with something to find for each kind of probe row, and a sample that shows none of it.

    PYTHON-OF-THE-SKLEARN-ENVIRONMENT test/convert/probed_model.py FOLDER

No gap, no marker, no price of zero, neither the third city nor the codes beyond 4; where age is high, price is, too.
"""

import json
import sys
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder
from sklearn.tree import DecisionTreeRegressor

folder = Path(sys.argv[1])
random, count = np.random.default_rng(0), 600
rows = pd.DataFrame(
    {
        "age": np.round(random.uniform(18, 90, count), 1),
        "price": np.round(random.lognormal(3, 1, count) + 1, 2),
        "city": random.choice(["Lund", "Malmö", "Ystad"], count),
        "code": random.integers(0, 9, count),
    }
)
target = rows["age"] + rows["price"] + 10 * (rows["city"] == "Lund") + rows["code"]
seen = rows[(rows["city"] != "Ystad") & (rows["code"] < 5) & ((rows["age"] > 54) == (rows["price"] > 20))].copy()
rows.loc[random.random(count) < 0.05, "age"] = np.nan
rows.loc[random.random(count) < 0.05, "price"] = -999
model = make_pipeline(
    make_column_transformer(
        (OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), ["city"]),
        ("passthrough", ["age"]),
        (SimpleImputer(missing_values=-999.0), ["price"]),
        (OneHotEncoder(handle_unknown="ignore"), ["code"]),
        sparse_threshold=0,
    ),
    DecisionTreeRegressor(max_depth=5, random_state=0),
).fit(rows, target)
joblib.dump(model, folder / "probed.joblib")
seen.to_csv(folder / "probed.sample.csv", index=False)
AGE = 1
tree = model[-1].tree_
print(json.dumps({"threshold": float(tree.threshold[tree.feature == AGE][0]), "oldest": float(seen["age"].max())}))
