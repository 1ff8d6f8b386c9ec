"""TensorFlow files that each try another way past what is allowed: they would write `ran-NAME`, or bring the secret's bytes into the ONNX.

    PYTHON-OF-THE-TENSORFLOW-ENVIRONMENT hostile_tensorflow.py FOLDER
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "converters"))
import tensorflow_attacks  # which sets up TensorFlow
import numpy as np
import tensorflow as tf
from tensorflow_attacks import Initialized, edit, raw, save, v1

# Operators that read or write files, reach other machines, call Python or hide graphs, each with the text that says where.
REACHING = (
    "Abort BigQueryReader CollectiveReduceV2 CreateSummaryDbWriter CreateSummaryFileWriter DatasetFromGraph DatasetToGraphV2 DatasetToTFRecord "
    "DebugIdentity DebugIdentityV2 DebugNumericSummary DebugNumericSummaryV2 DecodeProtoV2 DeserializeIterator EagerPyFunc EncodeProto "
    "FileSystemSetConfiguration FixedLengthRecordReaderV2 FixedUnigramCandidateSampler GenerateVocabRemapping ImmutableConst ImportEvent "
    "InitializeTableFromDataset LMDBReader LoadAndRemapMatrix LoadDataset MapDataset MatchingFiles MergeV2Checkpoints OneShotIterator Print "
    "PrintV2 PyFunc PyFuncStateless ReadFile ReaderReadV2 RecordInput RemoteCall Restore RestoreSlice RestoreV2 RpcCall Save SaveDatasetV2 SaveSlices "
    "SaveV2 SdcaOptimizer Skipgram SqlDataset StatefulStandardNormalV9 SymbolicGradient TFRecordDataset TFRecordReaderV2 TextLineDataset "
    "TextLineReaderV2 TfsQuery WholeFileReaderV2 WriteAudioSummary WriteFile WriteGraphSummary WriteRawProtoSummary XlaLaunch _Recv _Send _HostSend "
    "_ScopedAllocator _NcclReduceSend readfile READFILE"
).split()
FUNCTIONS = ("PartitionedCall", "StatefulPartitionedCall", "If", "StatelessIf", "Case", "While", "StatelessWhile", "For")


def main(folder: Path) -> None:
    tensorflow_attacks.main(folder)
    operators(folder)
    functions(folder)
    signatures(folder)
    lite(folder)
    links(folder)
    for marker in folder.glob("ran-*"):
        marker.unlink()


def operators(folder: Path) -> None:
    """In a frozen graph, a checkpoint and a SavedModel's function: what predicts waits for it."""
    sound = v1.GraphDef.FromString((folder / "sound.pb").read_bytes())
    for name in REACHING:
        graph = v1.GraphDef()
        graph.CopyFrom(sound)
        place = graph.node.add(name="place", op="Const")
        place.attr["dtype"].type = tf.string.as_datatype_enum
        place.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(str(folder / f"ran-reaching-{name}")))
        graph.node.add(name="reaching", op=name, input=["place", "place"])
        next(node for node in graph.node if node.name == "y").input.append("^reaching")
        (folder / f"reaching-{name}{'2' if name.islower() else '3' if name.isupper() else ''}.pb").write_bytes(graph.SerializeToString(deterministic=True))
    for name in ("ReadFile", "WriteFile", "DecodeProtoV2", "DebugIdentityV2", "LoadAndRemapMatrix", "EagerPyFunc"):
        shutil.copytree(folder / "prints", folder / f"within-{name}")

        def other(graph: Any, name: str = name) -> None:
            function = next(each for each in graph.graph_def.library.function if any(node.op == "PrintV2" for node in each.node_def))
            next(node for node in function.node_def if node.op == "PrintV2").op = name

        edit(folder / f"within-{name}", other)


def functions(folder: Path) -> None:
    """The writing is in a function, which nothing but an attribute of a node names."""
    sound = v1.GraphDef.FromString((folder / "sound.pb").read_bytes())
    for kind in FUNCTIONS:
        for how in ("func", "list", "nested"):
            graph = v1.GraphDef()
            graph.CopyFrom(sound)
            body = graph.library.function.add()
            body.signature.name = "writes"
            body.node_def.add(name="place", op="Const")
            body.node_def.add(name="write", op="WriteFile", input=["place:output:0", "place:output:0"])
            call = graph.node.add(name="call", op=kind)
            attribute = call.attr["f"]
            target = attribute.func if how == "func" else attribute.list.func.add()
            if how == "nested":
                target.name, target = "harmless", target.attr["g"].func
            target.name = "writes"
            next(node for node in graph.node if node.name == "y").input.append("^call")
            (folder / f"function-{kind}-{how}.pb").write_bytes(graph.SerializeToString(deterministic=True))


def signatures(folder: Path) -> None:
    """In other signatures, gradients, attributes of functions, and graphs beside the one that is taken."""

    def added(graph: Any) -> Any:
        function = graph.graph_def.library.function.add()
        function.signature.name = "writes"
        function.node_def.add(name="write", op="WriteFile")
        return function

    def gradient(graph: Any) -> None:
        added(graph)
        one = graph.graph_def.library.gradient.add()
        one.function_name, one.gradient_func = graph.graph_def.library.function[0].signature.name, "writes"

    def registered(graph: Any) -> None:
        added(graph)
        one = graph.graph_def.library.registered_gradients.add()
        one.gradient_func, one.registered_op_type = "writes", "Mul"

    def concrete(graph: Any) -> None:
        added(graph)
        name = next(iter(graph.object_graph_def.concrete_functions))
        graph.object_graph_def.concrete_functions["writes"].CopyFrom(graph.object_graph_def.concrete_functions[name])
        node = next(each for each in graph.object_graph_def.nodes if each.WhichOneof("kind") == "function")
        node.function.concrete_functions.append("writes")

    def saveable(graph: Any) -> None:
        concrete(graph)
        variable = next(each for each in graph.object_graph_def.nodes if each.WhichOneof("kind") == "variable")
        at = next(at for at, each in enumerate(graph.object_graph_def.nodes) if each.WhichOneof("kind") == "function")
        variable.saveable_objects["more"].save_function = variable.saveable_objects["more"].restore_function = at

    for change in (gradient, registered, concrete, saveable):
        shutil.copytree(folder / "good-table", folder / f"beside-{change.__name__}")
        edit(folder / f"beside-{change.__name__}", change)
    both = tf.Module()
    rows = tf.TensorSpec([None, 3], tf.float32, "x")
    both.weights = tf.Variable(np.ones(3, np.float32))
    good = tf.function(lambda x: {"y": x * both.weights}, input_signature=[rows], autograph=False)
    bad = tf.function(lambda x: {"y": x + tf.cast(tf.strings.length(raw.ReadFile(filename=str(folder / "secret.txt"))), tf.float32)}, input_signature=[rows], autograph=False)
    tf.saved_model.save(both, str(folder / "other-signature"), signatures={"serving_default": good, "other": bad})
    plain = lambda module, x: x * module.weights  # noqa: E731
    called = Initialized(lambda: tf.py_function(lambda: 1.0, [], tf.float32))
    save(folder / "python-at-load", plain, called)
    vocabulary = Initialized(lambda: raw.InitializeTableFromTextFileV2(table_handle=vocabulary.resource_handle, filename=tf.strings.join([str(folder), "/secret.txt"]), key_index=-2, value_index=-1))
    save(folder / "joined-name", plain, vocabulary)
    prints = lambda module, x: x * module.weights + 0.0 * printed(x, f"file://{folder / 'ran-print-at-load'}")  # noqa: E731
    save(folder / "print-in-model", prints)


def printed(x: Any, where: str) -> Any:
    with tf.control_dependencies([tf.print(x, output_stream=where)]):
        return tf.identity(x)


def lite(folder: Path) -> None:
    """Operators of TensorFlow itself within a TensorFlow Lite file, by other spellings, and some that nobody has."""
    words = lambda x: x + tf.strings.to_number(tf.io.read_file(str(folder / "secret.txt")))  # noqa: E731
    call = tf.function(words, input_signature=[tf.TensorSpec([1, 3], tf.float32, "x")], autograph=False)
    converter = tf.lite.TFLiteConverter.from_concrete_functions([call.get_concrete_function()])
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS, tf.lite.OpsSet.SELECT_TF_OPS]
    content = converter.convert()
    # As many letters each: the file's places stay as they are.
    for name, spelled in (("flex", "FlexReadFile"), ("lower", "flexReadFile"), ("upper", "FLEXReadFile"), ("blank", " FlexReadFil"), ("custom", "ReadFileMine")):
        (folder / f"lite-{name}.tflite").write_bytes(content.replace(b"FlexReadFile", spelled.encode()))


def links(folder: Path) -> None:
    """Files of the model's folder that lead out of it."""
    (folder / "words-outside.txt").write_text(tensorflow_attacks.SECRET)
    for name in ("asset", "asset-twice"):
        shutil.copytree(folder / "good-table", folder / f"link-{name}")
        (place,) = (folder / f"link-{name}" / "assets").iterdir()
        place.unlink()
        if name == "asset-twice":
            (folder / "link-between").symlink_to(folder / "words-outside.txt")
        place.symlink_to(folder / ("link-between" if name == "asset-twice" else "words-outside.txt"))
    shutil.copytree(folder / "good-table", folder / "link-loop")
    (place,) = (folder / "link-loop" / "assets").iterdir()
    place.unlink()
    place.symlink_to(place.name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
