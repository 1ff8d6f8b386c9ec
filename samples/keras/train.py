"""Trains the Keras samples and saves each with rows like its training data.

    PYTHON-OF-THE-TENSORFLOW-ENVIRONMENT samples/keras/train.py FOLDER

samples/keras/models.json says what each file shows, and as what it is to end.
"""

from __future__ import annotations

import os
import shutil
import sys
import warnings
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
warnings.simplefilter("ignore")

import keras  # noqa: E402
import tf_keras  # noqa: E402

from data import MEASURES, columns_of, digits, penguins, sunspots, write_sample  # noqa: E402
from networks import digit_attention, digit_conv, penguin_species, penguin_tabular, sunspots_series  # noqa: E402
from penguin_layers import Bend  # noqa: E402

SEED = 20261128
EPOCHS = 12
BATCH = 64


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    of_digits(folder)
    of_penguins(folder)
    of_sunspots(folder)


def of_digits(folder: Path) -> None:
    lines, label = digits()
    loss = "sparse_categorical_crossentropy"
    save(fit(keras, digit_conv, lines[..., None], label, loss), folder, "digits-conv.keras")
    save(fit(tf_keras, digit_conv, lines[..., None], label, loss), folder, "digits-keras2.keras")
    write_sample(folder / "digits-conv.sample.csv", columns_of("pixel", lines[..., None]))
    shutil.copy(folder / "digits-conv.sample.csv", folder / "digits-keras2.sample.csv")
    save(fit(keras, digit_attention, lines, label, loss), folder, "digits-attention.keras")
    write_sample(folder / "digits-attention.sample.csv", columns_of("pixel", lines))


def of_penguins(folder: Path) -> None:
    table = penguins()
    given = {name: table[name] for name in ("measures", "island", "year")}
    wanted = {name: table[name] for name in ("species", "mass")}
    losses = {"species": "sparse_categorical_crossentropy", "mass": "mse"}
    columns = dict(zip(MEASURES, table["measures"].T))
    mixed = {"island": table["island"], **columns, "year": table["year"]}
    for library, name in ((keras, "penguin-tabular.keras"), (keras, "penguin-keras3.h5"), (tf_keras, "penguin-keras2.h5")):
        save(fit(library, lambda library: penguin_tabular(library, table["measures"]), given, wanted, losses), folder, name)
        write_sample(folder / f"{Path(name).stem}.sample.csv", mixed)
    firsts: dict[str, tuple[Any, Any]] = {
        "penguin-lambda.keras": (keras, lambda: keras.layers.Lambda(lambda row: row / 100.0, output_shape=(3,))),
        "penguin-lambda2.h5": (tf_keras, lambda: tf_keras.layers.Lambda(lambda row: row / 100.0)),
        "penguin-custom.keras": (keras, lambda: Bend(0.01)),
        "penguin-plain.keras": (keras, lambda: keras.layers.Rescaling(0.01)),
    }
    for name, (library, first) in firsts.items():
        model = fit(library, lambda library: penguin_species(library, first()), table["measures"], table["species"], losses["species"])
        save(model, folder, name)
        write_sample(folder / f"{Path(name).stem}.sample.csv", columns)
    model.save_weights(folder / "penguin-plain.weights.h5")
    text = keras.Input((1,), name="island", dtype="string")
    lookup = keras.layers.StringLookup(vocabulary=["Biscoe", "Dream", "Torgersen"], output_mode="one_hot", name="islands")
    save(keras.Model(text, keras.layers.Dense(1, name="mass")(lookup(text))), folder, "penguin-text.keras")


def of_sunspots(folder: Path) -> None:
    years, following = sunspots()
    kinds = {"sunspots-lstm.keras": "lstm", "sunspots-gru.keras": "gru", "sunspots-bidirectional.keras": "bidirectional"}
    for name, kind in kinds.items():
        save(fit(keras, lambda library: sunspots_series(library, kind), years, following, "mse"), folder, name)
        write_sample(folder / f"{Path(name).stem}.sample.csv", columns_of("years", years))
    for name, kind in {"sunspots-keras2.h5": "gru", "sunspots-unrolled.h5": "unrolled"}.items():
        save(fit(tf_keras, lambda library: sunspots_series(library, kind), years, following, "mse"), folder, name)
        shutil.copy(folder / "sunspots-gru.sample.csv", folder / f"{Path(name).stem}.sample.csv")


def fit(library: Any, build: Any, given: Any, wanted: Any, loss: Any) -> Any:
    library.utils.set_random_seed(SEED)
    model = build(library)
    model.compile(library.optimizers.Adam(0.01), loss)
    model.fit(given, wanted, epochs=EPOCHS, batch_size=BATCH, verbose=0)
    return model


def save(model: Any, folder: Path, name: str) -> None:
    # How it was trained would be two more copies of the weights.
    options = {"include_optimizer": False} if name.endswith(".h5") else {}
    model.save(folder / name, **options)
    print(f"{name:32} {(folder / name).stat().st_size:>8} bytes", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
