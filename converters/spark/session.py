"""One Spark session an interpreter: starting it takes 8 seconds, so it stays."""

from __future__ import annotations

import os
from typing import Any

from predictable_bridge.java import find_java, java_options, lasting_folder

SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "1",
    "spark.default.parallelism": "1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "1g",
    "spark.log.level": "OFF",
    "spark.sql.adaptive.enabled": "false",
}


def session() -> tuple[Any, str]:
    """The session and Java's version. Raises JAVA_NOT_FOUND."""
    _, java = find_java("Spark")
    # pyspark starts whatever JAVA_HOME names, or the first on the PATH.
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[1]").appName("predictable")
    folder = lasting_folder()
    places = {
        "spark.sql.warehouse.dir": os.path.join(folder, f"predictable-spark-{os.getpid()}"),
        "spark.local.dir": folder,
        "spark.driver.extraJavaOptions": " ".join(java_options(folder)),
    }
    for name, value in {**SETTINGS, **places}.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    return spark, java
