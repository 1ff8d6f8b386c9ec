"""A layer of one's own, which penguin-custom.keras names by this module."""

from __future__ import annotations

from typing import Any

import keras


@keras.saving.register_keras_serializable(package="penguins")
class Bend(keras.layers.Layer):
    def __init__(self, scale: float, **options: Any) -> None:
        super().__init__(**options)
        self.scale = scale

    def call(self, row: Any) -> Any:
        return keras.ops.tanh(row * self.scale)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "scale": self.scale}
