"""The nodes of another graph as part of the one that skl2onnx is making."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def take_over(scope: Any, container: Any, graph: Any, inputs: Mapping[str, str], tensors: list[str]) -> list[str]:
    """`inputs`: the tensors here that the inputs of the graph are. Returns the names that its `tensors` have here."""
    taken = TakenOver(scope, container)
    # An input or output that is left out has no name.
    names = {"": "", **inputs}
    for tensor in graph.initializer:
        names[tensor.name] = taken.fresh()
        container.add_initializer(names[tensor.name], tensor.data_type, list(tensor.dims), content_of(tensor))
    for node in graph.node:
        container.nodes.append(taken.renamed(node, names))
    return [names[name] for name in tensors]


class TakenOver:
    """Copies of nodes, with names that nothing else has."""

    def __init__(self, scope: Any, container: Any) -> None:
        self.scope, self.container = scope, container

    def fresh(self) -> str:
        return str(self.scope.get_unique_variable_name("d_part"))

    def renamed(self, node: Any, names: dict[str, str]) -> Any:
        """A copy of a node, its bodies too; the names of its results are added to `names`."""
        from onnx import AttributeProto, NodeProto

        copied = NodeProto()
        copied.CopyFrom(node)
        copied.name = self.scope.get_unique_operator_name("d_part")
        copied.input[:] = [names[name] for name in node.input]
        for attribute in copied.attribute:
            if attribute.type == AttributeProto.GRAPH:
                self.rename_body(attribute.g, dict(names))
        names.update({output: self.fresh() for output in node.output})
        copied.output[:] = [names[name] for name in node.output]
        version = self.container._get_op_version(node.domain, node.op_type)
        self.container.node_domain_version_pair_sets.add((node.domain, version))
        return copied

    def rename_body(self, body: Any, names: dict[str, str]) -> None:
        for value in body.input:
            names[value.name] = self.fresh()
            value.name = names[value.name]
        nodes = [self.renamed(node, names) for node in body.node]
        del body.node[:]
        body.node.extend(nodes)
        for value in body.output:
            value.name = names[value.name]


def content_of(tensor: Any) -> Any:
    """As skl2onnx takes it: texts as a list, numbers as a tensor of raw bytes."""
    from onnx import TensorProto, numpy_helper

    if tensor.data_type == TensorProto.STRING:
        return list(tensor.string_data)
    return tensor if tensor.HasField("raw_data") else numpy_helper.from_array(numpy_helper.to_array(tensor), tensor.name)
