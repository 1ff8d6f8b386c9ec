"""Trains Spark ML pipelines on the Palmer penguins, and saves each as a PipelineModel folder with rows like its own.

    PYTHON-OF-THE-SPARK-ENVIRONMENT test/batteries/spark_models.py FOLDER [NAME ...]

without names, all of them.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Any

from pyspark.ml import Pipeline
from pyspark.ml import classification as c
from pyspark.ml import clustering as k
from pyspark.ml import feature as f
from pyspark.ml import regression as r
from pyspark.ml.linalg import Vectors
from pyspark.sql import SparkSession

from sample_tables import PENGUINS

NUMBERS = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm"]
TEXTS = ["species", "island"]
BODY = {"labelCol": "body_mass_g"}
SPECIES = {"labelCol": "class"}
SEX = {"labelCol": "code"}

SMALL = {"maxDepth": 4, "seed": 1}


def pipelines() -> dict[str, list[Any]]:
    """Stages need a session to be made."""
    label = f.StringIndexer(inputCol="species", outputCol="class")
    two = f.StringIndexer(inputCol="sex", outputCol="code")
    back = f.IndexToString(inputCol="prediction", outputCol="named", labels=["Adelie", "Gentoo", "Chinstrap"])
    codes = f.StringIndexer(inputCols=TEXTS, outputCols=["species_code", "island_code"])
    codes_kept = f.StringIndexer(inputCols=TEXTS, outputCols=["species_code", "island_code"], handleInvalid="keep")
    one_hot = f.OneHotEncoder(inputCols=["species_code", "island_code"], outputCols=["species_hot", "island_hot"])
    one_hot_all = f.OneHotEncoder(
        inputCols=["species_code", "island_code"], outputCols=["species_hot", "island_hot"], dropLast=False, handleInvalid="keep"
    )
    numbers = f.VectorAssembler(inputCols=NUMBERS, outputCol="features")
    mixed = f.VectorAssembler(inputCols=["species_code", "island_code", *NUMBERS], outputCol="features")
    hot = f.VectorAssembler(inputCols=["species_hot", "island_hot", *NUMBERS], outputCol="features")
    raw = f.VectorAssembler(inputCols=NUMBERS, outputCol="raw")
    return {
        "linear-regression": [numbers, r.LinearRegression(**BODY)],
        "linear-one-hot": [codes, one_hot, hot, r.LinearRegression(**BODY, regParam=0.1)],
        "linear-one-hot-kept": [codes_kept, one_hot_all, hot, r.LinearRegression(**BODY, regParam=0.1)],
        "linear-standard": scaled(raw, f.StandardScaler(inputCol="raw", outputCol="features", withMean=True), r.LinearRegression(**BODY)),
        "linear-standard-plain": scaled(raw, f.StandardScaler(inputCol="raw", outputCol="features"), r.LinearRegression(**BODY)),
        "linear-min-max": scaled(raw, f.MinMaxScaler(inputCol="raw", outputCol="features", min=-1.0), r.LinearRegression(**BODY)),
        "linear-max-abs": scaled(raw, f.MaxAbsScaler(inputCol="raw", outputCol="features"), r.LinearRegression(**BODY)),
        "linear-robust": scaled(raw, f.RobustScaler(inputCol="raw", outputCol="features", withCentering=True), r.LinearRegression(**BODY)),
        "linear-normalizer": scaled(raw, f.Normalizer(inputCol="raw", outputCol="features", p=1.0), r.LinearRegression(**BODY)),
        "linear-pca": scaled(raw, f.PCA(inputCol="raw", outputCol="features", k=2), r.LinearRegression(**BODY)),
        "linear-imputer": [
            f.Imputer(inputCols=NUMBERS, outputCols=[f"{name}_full" for name in NUMBERS], strategy="median"),
            f.VectorAssembler(inputCols=[f"{name}_full" for name in NUMBERS], outputCol="features"),
            r.LinearRegression(**BODY),
        ],
        "linear-buckets": [
            f.Bucketizer(inputCol="bill_length_mm", outputCol="bill", splits=[-float("inf"), 38.0, 42.0, 48.0, float("inf")]),
            f.OneHotEncoder(inputCol="bill", outputCol="bill_hot"),
            f.VectorAssembler(inputCols=["bill_hot", *NUMBERS[1:]], outputCol="features"),
            r.LinearRegression(**BODY),
        ],
        "tree-buckets-closed": [
            f.Bucketizer(inputCol="bill_length_mm", outputCol="bill", splits=[30.0, 38.0, 42.0, 48.0, 60.0]),
            f.VectorAssembler(inputCols=["bill", *NUMBERS[1:]], outputCol="features"),
            r.DecisionTreeRegressor(**BODY, **SMALL),
        ],
        "linear-binary": [
            f.Binarizer(inputCol="bill_length_mm", outputCol="long", threshold=44.0),
            f.VectorAssembler(inputCols=["long", *NUMBERS[1:]], outputCol="features"),
            r.LinearRegression(**BODY),
        ],
        "linear-weighted": scaled(
            raw,
            f.ElementwiseProduct(inputCol="raw", outputCol="features", scalingVec=Vectors.dense([1.0, 0.5, 0.01])),
            r.LinearRegression(**BODY),
        ),
        "logistic-two": [two, numbers, c.LogisticRegression(**SEX)],
        "logistic-threshold": [two, numbers, c.LogisticRegression(**SEX, threshold=0.3)],
        "logistic-multinomial": [label, numbers, c.LogisticRegression(**SPECIES, regParam=0.01)],
        "logistic-named": [label, numbers, c.LogisticRegression(**SPECIES, regParam=0.01), back],
        "logistic-thresholds": [label, numbers, c.LogisticRegression(**SPECIES, regParam=0.1, thresholds=[0.6, 0.2, 0.2])],
        "svc": [two, numbers, c.LinearSVC(**SEX)],
        "tree-classifier": [label, numbers, c.DecisionTreeClassifier(**SPECIES, **SMALL)],
        "tree-classifier-codes": [two, codes, mixed, c.DecisionTreeClassifier(**SEX, **SMALL)],
        "tree-regressor": [codes, mixed, r.DecisionTreeRegressor(**BODY, **SMALL)],
        "tree-scaled": scaled(raw,
            f.StandardScaler(inputCol="raw", outputCol="features", withMean=True), r.DecisionTreeRegressor(**BODY, **SMALL)
        ),
        "forest-classifier": [label, numbers, c.RandomForestClassifier(**SPECIES, **SMALL, numTrees=8)],
        "forest-classifier-codes": [two, codes, mixed, c.RandomForestClassifier(**SEX, **SMALL, numTrees=8)],
        "forest-regressor": [codes, mixed, r.RandomForestRegressor(**BODY, **SMALL, numTrees=8)],
        "boosting-regressor": [codes, mixed, r.GBTRegressor(**BODY, **SMALL, maxIter=6)],
        "boosting-classifier": [two, codes, mixed, c.GBTClassifier(**SEX, **SMALL, maxIter=6)],
        "kmeans": scaled(raw, f.StandardScaler(inputCol="raw", outputCol="features"), k.KMeans(k=3, seed=1)),
        "kmeans-cosine": [numbers, k.KMeans(k=3, seed=1, distanceMeasure="cosine")],
        "scaler-alone": [raw, f.StandardScaler(inputCol="raw", outputCol="scaled", withMean=True)],
        "factorization": [two, numbers, c.FMClassifier(**SEX, seed=1, maxIter=5)],
        "bayes": [label, numbers, c.NaiveBayes(**SPECIES)],
        "sql": [f.SQLTransformer(statement="SELECT *, bill_length_mm * 2 AS twice FROM __THIS__"), numbers, r.LinearRegression(**BODY)],
    }


def scaled(raw: Any, scaler: Any, last: Any) -> list[Any]:
    return [raw, scaler, last]


def main(folder: Path, wanted: list[str]) -> None:
    spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    frame = spark.read.csv(str(PENGUINS), header=True, inferSchema=True, nullValue="NA")
    complete = frame.dropna()
    names = [name for name in frame.columns if name not in ("year", "body_mass_g", "sex")]
    rows = complete.select(*names).collect()
    vector = f.VectorAssembler(inputCols=NUMBERS, outputCol="features").transform(complete)
    for name, stages in pipelines().items():
        if not wanted or name in wanted:
            save(Pipeline(stages=stages).fit(complete), folder, name, names, rows)
    if not wanted or "vector-input" in wanted:
        save(Pipeline(stages=[r.LinearRegression(**BODY)]).fit(vector), folder, "vector-input", NUMBERS, rows)
    spark.stop()


def save(model: Any, folder: Path, name: str, names: list[str], rows: list[Any]) -> None:
    model.write().overwrite().save(str(folder / name))
    with open(folder / f"{name}.sample.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([row[column] for column in names] for row in rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
