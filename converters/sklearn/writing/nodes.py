"""Nodes of a converter of our own. They compute in double precision whatever the columns are: sums of kernels cancel in float32."""

from __future__ import annotations

from typing import Any

import numpy as np
from predictable_graph.graph import WITH_MORE_KERNELS

from preparing.trees import twin
from writing.taking_over import take_over

Term = str | float | np.ndarray


class Nodes:
    """The graph under construction, where one estimator stands in it. A term is the name of a tensor, or a constant, which becomes one."""

    def __init__(self, scope: Any, operator: Any, container: Any) -> None:
        from skl2onnx.common.data_types import guess_proto_type

        self.scope, self.operator, self.container = scope, operator, container
        # Else the oldest runtime, 1.5.2, has to do: its Log, TopK, ReduceMax and Where have no double kernels.
        self.newer = container.target_opset >= WITH_MORE_KERNELS
        self.output_types = [guess_proto_type(output.type) for output in operator.outputs]

    def emit(self, name: str, *terms: Term, result: str | None = None, domain: str = "", **attributes: Any) -> str:
        output = result or self.scope.get_unique_variable_name(f"d_{name.lower()}")
        inputs = [term if isinstance(term, str) else self.constant(term) for term in terms]
        operator_name = self.scope.get_unique_operator_name(f"d_{name}")
        self.container.add_node(name, inputs, output, name=operator_name, op_domain=domain, **attributes)
        return output

    def emit_all(self, name: str, count: int, *terms: Term, **attributes: Any) -> list[str]:
        outputs = [self.scope.get_unique_variable_name(f"d_{name.lower()}") for _ in range(count)]
        inputs = [term if isinstance(term, str) else self.constant(term) for term in terms]
        operator_name = self.scope.get_unique_operator_name(f"d_{name}")
        self.container.add_node(name, inputs, outputs, name=operator_name, **attributes)
        return outputs

    def constant(self, values: Any) -> str:
        """Whole numbers as int64, text as text, the rest as double."""
        from onnx import TensorProto, numpy_helper

        array = np.asarray(values)
        array = array.reshape(1) if array.ndim == 0 else array
        name = self.scope.get_unique_variable_name("d_constant")
        if array.dtype.kind in "OU":
            texts = [str(value).encode("utf-8") for value in array.ravel()]
            self.container.add_initializer(name, TensorProto.STRING, list(array.shape), texts)
            return name
        kind = np.int64 if array.dtype.kind in "iub" else np.float64
        tensor = numpy_helper.from_array(np.ascontiguousarray(array, dtype=kind))
        self.container.add_initializer(name, tensor.data_type, list(array.shape), tensor)
        return name

    def rows(self) -> str:
        """The rows that the estimator gets, as one `[N,F]` of doubles."""
        return self.beside([self.double(source.full_name) for source in self.operator.inputs])

    def beside(self, parts: list[str]) -> str:
        """Tables [N,…] side by side."""
        return parts[0] if len(parts) == 1 else self.emit("Concat", *parts, axis=1)

    def filled(self, marker: Any = np.nan) -> tuple[str, str]:
        """The rows [N,F] with 0 for what is missing, and 1.0 where nothing is. `marker`: the number that stands for what is missing."""
        raw = self.beside([source.full_name for source in self.operator.inputs])
        present = self.present(raw, marker, self.output_types[0])
        zeros = np.zeros((1, self.operator.raw_operator.n_features_in_))
        return self.double(self.choose(present, raw, zeros, self.output_types[0])), self.number(present)

    def present(self, rows: str, marker: Any, element: int) -> str:
        """Where nothing is missing, as truth. IsNaN has no double kernel in 1.12.1."""
        if np.isnan(marker):
            return self.emit("Equal", rows, rows)
        return self.emit("Not", self.emit("Equal", rows, self.emit("Cast", np.array([float(marker)]), to=element)))

    def choose(self, mask: str, yes: str, no: np.ndarray, element: int) -> str:
        """`yes` [N,F] where the mask [N,F] holds, else `no` [1,F]; NaN is a value like others. Where has no double kernel in 1.5.2."""
        from onnx import TensorProto

        other = self.emit("Cast", no, to=element)
        if self.newer or element != TensorProto.DOUBLE:
            return self.emit("Where", mask, yes, other)
        both = self.emit("Concat", self.emit("Expand", other, self.emit("Shape", mask)), yes, axis=1)
        places = self.emit("Mul", self.int64(mask), np.array([no.shape[1]]))
        places = self.emit("Add", places, np.arange(no.shape[1]).reshape(1, -1))
        return self.emit("GatherElements", both, places, axis=1)

    def double(self, name: str) -> str:
        from onnx import TensorProto

        return self.emit("Cast", name, to=TensorProto.DOUBLE)

    def number(self, flags: str) -> str:
        """Flags as 1.0 and 0.0."""
        return self.double(flags)

    def int64(self, name: str) -> str:
        from onnx import TensorProto

        return self.emit("Cast", name, to=TensorProto.INT64)

    def in_float(self, name: str, operator: str) -> str:
        """An operator that has no double kernel, computed in float32."""
        from onnx import TensorProto

        return self.double(self.emit(operator, self.emit("Cast", name, to=TensorProto.FLOAT)))

    def column(self, name: str, at: int) -> str:
        return self.emit("Gather", name, np.array([at]), axis=1)

    def total(self, name: str, width: int) -> str:
        """[N,width] → [N,1]."""
        return self.product(name, np.ones((width, 1)))

    def product(self, name: str, weights: Term) -> str:
        """Of two matrices. Later runtimes fuse MatMul and a transposition to an operator without a double kernel; 1.5.2 has no Gemm."""
        return self.emit("Gemm" if self.newer else "MatMul", name, weights)

    def nearest(self, distances: str) -> str:
        """[N,K] → the place [N] of the smallest, the first of equals. ArgMin has no double kernel in 1.5.2."""
        return self.emit("ArgMax", self.emit("Neg", distances), axis=1, keepdims=0)

    def largest(self, name: str) -> str:
        """[N,K] → [N,1], the largest of each row."""
        if self.newer:
            return self.emit("ReduceMax", name, axes=[1], keepdims=1)
        return self.emit("GatherElements", name, self.emit("ArgMax", name, axis=1, keepdims=1), axis=1)

    def log(self, name: str) -> str:
        """Where the runtime has it for float only, it is rewritten at last: see `predictable_graph.double_forms`."""
        return self.emit("Log", name)

    def log1p(self, name: str) -> str:
        """log(1 + x) with all digits near zero: what 1 + x was rounded by is divided out."""
        grown = self.emit("Add", name, 1.0)
        rounded = self.emit("Sub", grown, 1.0)
        lost = self.number(self.emit("Equal", rounded, 0.0))
        ratio = self.emit("Div", name, self.emit("Add", rounded, lost))
        values = self.emit("Mul", self.log(grown), ratio)
        # Where 1 + x is 1, the logarithm is x.
        return self.emit("Add", values, self.emit("Mul", lost, name))

    def expm1(self, name: str) -> str:
        """exp(x) − 1 with all digits near zero, in the same manner; away from it, as it stands."""
        rest = self.emit("Sub", self.emit("Exp", name), 1.0)
        near = self.number(self.emit("Less", self.emit("Abs", name), 1.0))
        close = self.emit("Mul", name, near)
        grown = self.emit("Exp", close)
        lost = self.number(self.emit("Equal", grown, 1.0))
        ratio = self.emit("Div", self.emit("Add", close, lost), self.emit("Add", self.log(grown), lost))
        values = self.emit("Mul", self.emit("Sub", grown, 1.0), ratio)
        # Where exp(x) is 1, the result is x.
        values = self.emit("Add", values, self.emit("Mul", lost, close))
        return self.emit("Add", values, self.emit("Mul", rest, self.emit("Sub", 1.0, near)))

    def cosine(self, name: str) -> str:
        """No runtime of the targets has Cos for double; Sin has it."""
        return self.emit("Sin", self.emit("Add", name, np.pi / 2))

    def floor(self, name: str) -> str:
        """Floor has no double kernel; Round has one."""
        rounded = self.emit("Round", name)
        return self.emit("Sub", rounded, self.number(self.emit("Greater", rounded, name)))

    def tanh(self, name: str) -> str:
        doubled = self.emit("Exp", self.emit("Add", name, name))
        return self.emit("Sub", 1.0, self.emit("Div", 2.0, self.emit("Add", doubled, 1.0)))

    def sigmoid(self, name: str) -> str:
        return self.emit("Div", 1.0, self.emit("Add", self.emit("Exp", self.emit("Neg", name)), 1.0))

    def where(self, flags: Term, yes: Term, no: Term) -> str:
        """`yes` where the flag is 1.0, `no` where it is 0.0; both finite."""
        rest = self.emit("Sub", 1.0, flags)
        return self.emit("Add", self.emit("Mul", flags, yes), self.emit("Mul", rest, no))

    def constant_rows(self, values: np.ndarray) -> str:
        """[1,K] for every row, whatever is in it."""
        rows = self.emit("Gather", self.emit("Shape", self.operator.inputs[0].full_name), np.array([0]), axis=0)
        shape = self.emit("Concat", rows, np.array([values.shape[1]]), axis=0)
        return self.emit("Expand", values, shape)

    def joined(self, part: Any, tensors: list[str]) -> list[str]:
        """Takes over the nodes of a graph over one matrix, and returns the names that its tensors have here."""
        graph = part.graph
        kind = graph.input[0].type.tensor_type.elem_type
        source = self.beside([self.emit("Cast", source.full_name, to=kind) for source in self.operator.inputs])
        return take_over(self.scope, self.container, graph, {graph.input[0].name: source}, tensors)

    def predicted(self, estimator: Any, source: Any = None, **options: Any) -> list[str]:
        """What another estimator predicts of `source`, a variable, or of this one's own rows: its values, or its label and its scores."""
        from skl2onnx._supported_operators import sklearn_operator_name_map as names
        from skl2onnx.common.data_types import Int64TensorType
        from sklearn.base import is_classifier

        from writing.arithmetic import float_type

        sources = [source] if source is not None else list(self.operator.inputs)
        if len(sources) > 1 or hasattr(estimator, "steps") or type(estimator) not in names:
            return self.inlined(estimator, sources, options)
        # Options are kept by the estimator's identity, and it may be asked twice, for other things.
        estimator = twin(estimator)
        called = self.scope.declare_local_operator(names[type(estimator)], estimator)
        called.inputs.append(sources[0])
        if is_classifier(estimator):
            taken = {key: value for key, value in options.items() if self.container.has_options(estimator, key)}
            self.container.add_options(id(estimator), taken)
            self.scope.add_options(id(estimator), taken)
            called.outputs.append(self.scope.declare_local_variable("d_label", Int64TensorType()))
        called.outputs.append(self.scope.declare_local_variable("d_values", float_type(sources[0].type)()))
        return [output.full_name for output in called.outputs]

    def inlined(self, estimator: Any, sources: list[Any], options: dict[str, Any]) -> list[str]:
        """The graph of its own that a pipeline is, or whatever takes columns one by one, as a part of this one."""
        from writing.sub_graph import sub_graph

        graph = sub_graph(estimator, [source.type for source in sources], self.container, options)
        used = {value.name for value in graph.input}
        names = {f"m{at}": source.full_name for at, source in enumerate(sources) if f"m{at}" in used}
        return take_over(self.scope, self.container, graph, names, [value.name for value in graph.output])

    def wants_scores(self, model: Any) -> bool:
        """Whether the estimator around it, if any, decides by its scores instead of its probabilities."""
        return bool(self.scope.get_options(model, {"raw_scores": False})["raw_scores"])

    def label_by_scores(self, scores: str, classes: np.ndarray) -> str:
        """The label of the largest score, the first of equals. Of two classes there is one score [N,1], which is the second's above 0.

        Returns a score for each class.
        """
        if len(classes) > 2:
            self.label(self.emit("ArgMax", scores, axis=1, keepdims=0), classes)
            return scores
        self.label(self.emit("Reshape", self.int64(self.emit("Greater", scores, 0.0)), np.array([-1])), classes)
        return self.emit("Concat", self.emit("Neg", scores), scores, axis=1)

    def label(self, places: str, classes: np.ndarray, at: int = 0) -> None:
        """[N] places in `classes` become the output."""
        self.emit("Gather", label_values(classes), places, axis=0, result=self.operator.outputs[at].full_name)

    def deliver_targets(self, labels: list[str], shares: list[str], counts: list[int]) -> None:
        """Of several targets the labels [N,1] and the probabilities [N,classes], of which there are `counts`: see `several_shapes`."""
        self.emit("Identity", self.beside(labels), result=self.operator.outputs[0].full_name)
        most = max(counts)
        wide = [own if count == most else self.product(own, np.eye(count, most)) for own, count in zip(shares, counts)]
        tables = [self.emit("Reshape", own, np.array([1, -1, most])) for own in wide]
        self.deliver(tables[0] if len(tables) == 1 else self.emit("Concat", *tables, axis=0), 1)

    def deliver(self, name: str, at: int = 0) -> None:
        self.emit("Cast", name, to=self.output_types[at], result=self.operator.outputs[at].full_name)

    def deliver_outliers(self, decision: str) -> None:
        """Of a detector: the label [N,1], −1 (outside) where the decision [N,1] is below 0 and else 1, and the decision itself."""
        self.label_outliers(self.emit("Less", decision, 0.0))
        self.deliver(decision, 1)

    def label_outliers(self, outside: str) -> None:
        """The label [N,1]: −1 where the flag [N,1] holds, and else 1."""
        outlier = self.int64(outside)
        self.emit("Sub", np.array([1]), self.emit("Add", outlier, outlier), result=self.operator.outputs[0].full_name)


def label_values(classes: Any) -> np.ndarray:
    """Text as it is, numbers as int64."""
    labels = np.asarray(classes)
    return labels if is_text(labels) else labels.astype(np.int64)


def is_text(classes: np.ndarray) -> bool:
    return classes.dtype.kind in "OU"
