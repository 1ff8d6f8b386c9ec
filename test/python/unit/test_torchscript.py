import sys
from types import ModuleType

import pytest
from running import of_converter

COMPUTING = {"aten::add", "aten::relu", "aten::size", "prim::data", "quantized::linear", "aten::sigmoid"}
TOUCHING = {"aten::save", "aten::from_file", "prim::CallPython"}


def script_code_with_operators():
    """Without torch itself, which says what operators there are."""
    stand_in = ModuleType("operators")
    stand_in.computes = COMPUTING.__contains__
    stand_in.exists = (COMPUTING | TOUCHING).__contains__
    stand_in.is_packed = lambda name: name.startswith("__torch__.torch.classes.quantized.")
    sys.modules["operators"] = stand_in
    try:
        return of_converter("pytorch", "script_code")[0]
    finally:
        del sys.modules["operators"]


script_code = script_code_with_operators()


def module(*lines):
    body = "".join(f"    {line}\n" for line in lines)
    return f"class Net(Module):\n  weight : Tensor\n  save : Tensor\n  def forward(self, x: Tensor) -> Tensor:\n{body}"


@pytest.mark.parametrize(
    "line",
    [
        "return torch.add(x, self.weight)",
        "return torch.relu(torch.sigmoid(x))",
        "return ops.quantized.linear(x, self.weight)",
        "return x.relu()",
        "return self.save",
        "return CONSTANTS.c0",
        'return getattr(self, "weight")',
        "return torch.unknown_to_torch(x)",
        "y : __torch__.torch.classes.quantized.LinearPackedParamsBase = x",
        "y : __torch__.net.Inner = x",
        "if bool(x):\n      pass",
    ],
)
def test_plain_computing(line):
    assert script_code.complaint(module(line).encode()) is None


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("return torch.save(x)", "calls torch.save"),
        ('return torch.from_file("/etc/passwd")', "calls torch.from_file"),
        ("return ops.prim.CallPython(x)", "calls ops.prim.CallPython"),
        ("return ops.aten", "calls ops.aten"),
        ("return torch", "hands on all of torch"),
        ("return x.save()", "calls save"),
        ("y = self.weight.save", "calls save"),
        ('return getattr(torch, "save")(x)', "calls torch.save"),
        ("return getattr(self, x)", "computed or escaped"),
        ('return getattr(self, "we\\x69ght")', "computed or escaped"),
        ("g = getattr", "hands on getattr"),
        ("import os", "imports a module"),
        ("y : __torch__.torch.classes.other.Thing = x", "uses the class"),
        ("return CONSTANTS.c0.save", "uses CONSTANTS.c0.save"),
        ("return lambda: x", "Lambda"),
        ("return [x for x in x]", "ListComp"),
        ('return b"x"', "bytes"),
        ('return f"{x}"', "JoinedStr"),
        ("return x # type: ignore", "no torch writes"),
        ("return torch.\\\n      add(x, x)", "no torch writes"),
        ("return (", "no TorchScript"),
    ],
)
def test_everything_else(line, why):
    assert why in script_code.complaint(module(line).encode())


def test_a_name_that_self_does_not_declare_may_be_an_operator():
    assert script_code.complaint(module("return self.from_file(x)").encode()) == "calls from_file"


def test_self_may_be_something_else():
    assert script_code.complaint(module("self = x", "return self.save").encode()) == "calls save"


@pytest.mark.parametrize("code", ["x = 'ä'".encode(), b"\xff", b"x = \t1", b"(" * 5000, b"@a\ndef f(): pass", b"x\0"])
def test_code_that_torch_may_read_otherwise(code):
    assert script_code.complaint(code) is not None
