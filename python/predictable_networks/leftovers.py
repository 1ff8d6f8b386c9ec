"""What an exporter left of its own framework's operators in a graph: rewritten where that is exact, refused by name elsewhere.

tf2onnx ends without an error when it does not know an operator, and leaves it in the default domain under its old name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Dict, Iterator, List

from predictable_bridge.errors import ConverterError

if TYPE_CHECKING:
    from onnx import GraphProto, ModelProto, NodeProto

HINT = "Replace that layer by one that ONNX has, or predict what it computes before the table."
NAMED = 3


def without_leftovers(model: ModelProto, title: str) -> ModelProto:
    """`model`, changed in place. Raises UNSUPPORTED_OPERATOR."""
    opset = next((each.version for each in model.opset_import if each.domain == ""), 1)
    for graph in graphs(model.graph):
        if any(node.op_type in REWRITTEN and node.domain == "" for node in graph.node):
            rewrite(graph, opset)
    check(model, title)
    return model


def graphs(graph: GraphProto) -> Iterator[GraphProto]:
    """The graph, and those inside its loops and branches."""
    yield graph
    for node in graph.node:
        for attribute in node.attribute:
            for inner in [attribute.g, *attribute.graphs]:
                if inner.node:
                    yield from graphs(inner)


def check(model: ModelProto, title: str) -> None:
    opsets = {each.domain: each.version for each in model.opset_import}
    unknown: Dict[str, List[str]] = {}
    for graph in graphs(model.graph):
        for node in graph.node:
            if node.domain not in opsets or not exists(node.op_type, opsets[node.domain], node.domain):
                unknown.setdefault(node.op_type, []).append(node.name)
    if not unknown:
        return
    places = [name for names in unknown.values() for name in names if name][:NAMED]
    where = " (%s)" % ", ".join(places) if places else ""
    message = "%s needs %s, which ONNX does not have%s." % (title, ", ".join(sorted(unknown)), where)
    raise ConverterError("UNSUPPORTED_OPERATOR", message, HINT, operators=sorted(unknown))


def exists(kind: str, opset: int, domain: str) -> bool:
    """`defs.has` takes no opset in onnx of 2020."""
    from onnx import defs

    try:
        return not defs.get_schema(kind, opset, domain).deprecated
    except defs.SchemaError:
        return False


def rewrite(graph: GraphProto, opset: int) -> None:
    """Replaces each node whose operator ONNX lacks by nodes that it has; all others keep their order."""
    nodes = list(graph.node)
    del graph.node[:]
    for at, node in enumerate(nodes):
        make = REWRITTEN.get(node.op_type) if node.domain == "" else None
        if make is None:
            graph.node.append(node)
            continue
        make(Writer(graph, "leftover%d" % at, opset), node)


class Writer:
    """Appends nodes and constants whose names begin with `prefix`."""

    def __init__(self, graph: GraphProto, prefix: str, opset: int) -> None:
        self.graph, self.prefix, self.opset, self.count = graph, prefix, opset, 0

    def constant(self, values: Any) -> str:
        from onnx import numpy_helper

        name = self.name()
        self.graph.initializer.append(numpy_helper.from_array(values, name))
        return name

    def node(self, kind: str, inputs: list[str], output: str | None = None, **attributes: Any) -> str:
        from onnx import helper

        name = output or self.name()
        self.graph.node.append(helper.make_node(kind, inputs, [name], name=self.name(), **attributes))
        return name

    def name(self) -> str:
        self.count += 1
        return "%s_%d" % (self.prefix, self.count)

    def along_last(self, kind: str, source: str, output: str | None = None, **attributes: Any) -> str:
        """Unsqueeze and ReduceSum: from opset 13 on, their axes are an input."""
        import numpy as np

        if self.opset < 13:
            return self.node(kind, [source], output, axes=[-1], **attributes)
        return self.node(kind, [source, self.constant(np.array([-1], dtype=np.int64))], output, **attributes)


def ones_like(write: Writer, source: str) -> str:
    """Ones of the type of `source`, which nothing here knows: anything to the power of zero, infinity and NaN included."""
    import numpy as np

    return write.node("Pow", [source, write.constant(np.zeros((), dtype=np.float32))])


def erfc(write: Writer, node: NodeProto) -> None:
    erf = write.node("Erf", [node.input[0]])
    write.node("Sub", [ones_like(write, erf), erf], node.output[0])


def expm1(write: Writer, node: NodeProto) -> None:
    write.node("Sub", [write.node("Exp", [node.input[0]]), ones_like(write, node.input[0])], node.output[0])


def log1p(write: Writer, node: NodeProto) -> None:
    write.node("Log", [write.node("Add", [node.input[0], ones_like(write, node.input[0])])], node.output[0])


def bucketize(write: Writer, node: NodeProto) -> None:
    """How many boundaries are not above the value; in double, where every float32 and int32 is itself."""
    import numpy as np
    from onnx import TensorProto

    (boundaries,) = [attribute.floats for attribute in node.attribute if attribute.name == "boundaries"]
    values = write.node("Cast", [node.input[0]], to=TensorProto.DOUBLE)
    below = write.node("Less", [write.along_last("Unsqueeze", values), write.constant(np.array(boundaries, dtype=np.float64))])
    reached = write.node("Cast", [write.node("Not", [below])], to=TensorProto.INT32)
    write.along_last("ReduceSum", reached, node.output[0], keepdims=0)


REWRITTEN: Dict[str, Callable[[Writer, NodeProto], None]] = {"Erfc": erfc, "Expm1": expm1, "Log1p": log1p, "Bucketize": bucketize}
