"""What torch's own TorchScript exporter lacks for attention: its matrices are taken apart by unflatten, and it is one operator."""

from __future__ import annotations

from typing import Any

import torch
from torch.onnx import symbolic_helper
from torch.onnx._internal.torchscript_exporter.symbolic_opset14 import scaled_dot_product_attention

# torch has versions of its own from the later ones on.
UNFLATTEN_SINCE = (9, 13)
ATTENTION_SINCE = 9


def register() -> None:
    for since in UNFLATTEN_SINCE:
        torch.onnx.register_custom_op_symbolic("aten::unflatten", unflatten, since)
    # Made of operators that opset 9 has as well.
    torch.onnx.register_custom_op_symbolic("aten::scaled_dot_product_attention", scaled_dot_product_attention, ATTENTION_SINCE)


@symbolic_helper.parse_args("v", "i", "v")
def unflatten(graph: Any, value: Any, dim: int, sizes: Any) -> Any:
    """torch's own computes the shape in the graph, where the exporter loses the rank that a later transpose asks for."""
    rank = symbolic_helper._get_tensor_rank(value)
    parts = known_parts(sizes)
    after = (symbolic_helper._get_tensor_sizes(value) or [])[dim % rank + 1 :] if rank else []
    if rank is None or parts is None or None in after:
        return symbolic_helper._unimplemented("aten::unflatten", "with sizes that are not known", value)
    if -1 not in parts and dim % rank > 0:
        # The exporter's own inference knows no shape with a 0 and without a -1.
        parts = [-1, *parts[1:]]
    # 0 copies the dimension at the same place.
    shape = [0] * (dim % rank) + parts + after
    return graph.op("Reshape", value, graph.op("Constant", value_t=torch.tensor(shape, dtype=torch.int64)))


def known_parts(sizes: Any) -> list[int] | None:
    """With -1 for one that is only known when the graph runs."""
    whole = symbolic_helper._maybe_get_const(sizes, "is")
    if not isinstance(whole, torch._C.Value):
        return [int(size) for size in whole]
    if not symbolic_helper._is_packed_list(sizes):
        return None
    parts = [symbolic_helper._maybe_get_const(each, "i") for each in symbolic_helper._unpack_list(sizes)]
    known = [-1 if isinstance(each, torch._C.Value) else int(each) for each in parts]
    return known if known.count(-1) <= 1 else None
