"""What somebody would write by hand: one PyTorch file to ONNX, without a look at what it then predicts.

    python torch_export.py MODEL OUT

The models take images of 8×8. A program can only go through torch's newer exporter, which writes a newer opset than targets read.
"""

from __future__ import annotations

import sys

import torch


def main(model: str, out: str) -> None:
    if model.endswith(".pt2"):
        torch.onnx.export(torch.export.load(model), (), out, dynamo=True, external_data=False, verbose=False)
        return
    network = torch.jit.load(model, map_location="cpu").eval()
    names = {"input_names": ["pixel"], "output_names": ["digit"]}
    rows = {name: {0: "rows"} for name in ("pixel", "digit")}
    given = (torch.randn(2, 1, 8, 8),)
    torch.onnx.export(network, given, out, dynamo=False, opset_version=17, dynamic_axes=rows, **names)


if __name__ == "__main__":
    main(*sys.argv[1:3])
