import numpy as np
import pytest
from predictable_bridge.errors import ConverterError
from predictable_facts.columns import Column
from predictable_graph.graph import Graph
from running import OPSETS, of_converter, results

machine, parse, graph_module = of_converter("libsvm", "machine", "parse", "graph")

CLASSIFIER = """svm_type c_svc
kernel_type rbf
gamma 0.5
nr_class 3
total_sv 4
rho 0.1 -0.2 0.3
label 7 3 5
nr_sv 1 2 1
SV
0.5 1 1:1 3:-1
-1 0.25 2:2
0.5 -0.75 1:0.5 2:0.5
-1 -0.5 3:4
"""
REGRESSOR = "svm_type epsilon_svr\nkernel_type polynomial\ndegree 2\ngamma 0.5\ncoef0 1\nnr_class 2\ntotal_sv 2\nrho 0.25\nSV\n1 1:1 2:2 \n-0.5 1:-1 \n"


def parsed(tmp_path, text):
    path = tmp_path / "svm.model"
    path.write_text(text, encoding="latin-1")
    return parse.parse(str(path))


def test_a_classifier(tmp_path):
    found = parsed(tmp_path, CLASSIFIER)
    assert (found.kind, found.kernel, found.gamma, found.classes, found.width) == ("c_svc", "rbf", 0.5, 3, 3)
    assert found.labels == [7, 3, 5] and found.counts == [1, 2, 1] and found.rho.tolist() == [0.1, -0.2, 0.3]
    assert found.vectors.tolist() == [[1, 0, -1], [0, 2, 0], [0.5, 0.5, 0], [0, 0, 4]]
    assert found.coefficients.tolist() == [[0.5, 1], [-1, 0.25], [0.5, -0.75], [-1, -0.5]]
    assert found.pairs == [(0, 1), (0, 2), (1, 2)] and not found.has_probabilities and found.title == "C-SVC(rbf)"


def test_lines_may_end_as_on_windows(tmp_path):
    assert parsed(tmp_path, CLASSIFIER.replace("\n", "\r\n")).counts == [1, 2, 1]


def test_weights_of_pairs(tmp_path):
    assert parsed(tmp_path, CLASSIFIER).pair_weights().tolist() == [[0.5, 1, 0], [-1, 0, 0.25], [0.5, 0, -0.75], [0, -1, -0.5]]


def test_columns_behind_the_last_one_that_is_mentioned(tmp_path):
    wide = parsed(tmp_path, REGRESSOR).widened(4)
    assert wide.vectors.tolist() == [[1, 2, 0, 0], [-1, 0, 0, 0]]


@pytest.mark.parametrize(
    ("old", "new", "code", "why"),
    [
        ("SV\n", "", "CORRUPT_MODEL", "no line SV"),
        ("rho 0.1 -0.2 0.3\n", "", "CORRUPT_MODEL", "has no rho"),
        ("rho 0.1 -0.2 0.3", "rho 0.1", "CORRUPT_MODEL", "rho has 1 numbers, not 3"),
        ("rho 0.1", "rho nan", "CORRUPT_MODEL", "rho has 3 numbers, not 3"),
        ("rho 0.1", "rho x", "CORRUPT_MODEL", "which are no numbers"),
        ("nr_class 3", "nr_class 2.5", "CORRUPT_MODEL", "no whole numbers"),
        ("nr_class 3", "nr_class 1", "UNSUPPORTED_MODEL", "one class only"),
        ("kernel_type rbf", "kernel_type precomputed", "UNSUPPORTED_MODEL", "precomputed"),
        ("kernel_type rbf", "kernel_type odd", "CORRUPT_MODEL", "no libsvm has"),
        ("gamma 0.5", "gamma", "CORRUPT_MODEL", "its header has the line 'gamma'"),
        ("gamma 0.5", "gamma 0.5\ngamma 0.5", "CORRUPT_MODEL", "its header has the line"),
        ("total_sv 4", "total_sv 5", "CORRUPT_MODEL", "5 support vectors and holds 4"),
        ("nr_sv 1 2 1", "nr_sv 1 2 2", "CORRUPT_MODEL", "are not 4 together"),
        ("1:1 3:-1", "3:1 1:-1", "CORRUPT_MODEL", "ascending"),
        ("1:1 3:-1", "0:1 3:-1", "CORRUPT_MODEL", "indices from 1"),
        ("1:1 3:-1", "1:1 3", "CORRUPT_MODEL", "no list of index:value"),
        ("1:1 3:-1", "1:1 3:inf", "CORRUPT_MODEL", "not finite"),
        ("1:1 3:-1", "1:1 100001:1", "TOO_MANY_COLUMNS", "column 100,001"),
        ("-1 -0.5 3:4\n", "-1 -0.5 3:4", "CORRUPT_MODEL", "its last line has no end"),
    ],
)
def test_what_is_no_whole_model(tmp_path, old, new, code, why):
    assert old in CLASSIFIER
    with pytest.raises(ConverterError) as raised:
        parsed(tmp_path, CLASSIFIER.replace(old, new, 1))
    assert raised.value.code == code and why in raised.value.message


KERNELS = {
    "linear": lambda products, squares: products,
    "polynomial": lambda products, squares: (0.5 * products + 1) ** 2,
    "rbf": lambda products, squares: np.exp(-0.5 * squares),
    "sigmoid": lambda products, squares: np.tanh(0.5 * products + 1),
}


@pytest.mark.parametrize("kernel", sorted(KERNELS))
def test_a_kernel_is_its_formula(tmp_path, kernel):
    given = parsed(tmp_path, REGRESSOR)
    given.kernel = kernel
    graph = Graph(OPSETS, 8)
    columns = [Column(name, at, "number", "double", False) for at, name in enumerate("ab")]
    facts, outputs = graph_module.build(graph, given, columns)
    rows = np.random.default_rng(7).normal(0, 1, (20, 2))
    (found,) = results(graph, [name for name, _ in outputs], [kind for _, kind in outputs], X=rows)
    squares = ((rows[:, None] - given.vectors[None]) ** 2).sum(axis=2)
    expected = KERNELS[kernel](rows @ given.vectors.T, squares) @ [1, -0.5] - 0.25
    assert found[:, 0] == pytest.approx(expected, rel=1e-12)
    assert facts == [{"tensor": "X", "columns": ["a", "b"]}]


def test_votes_of_pairs(tmp_path):
    given = parsed(tmp_path, CLASSIFIER)
    graph = Graph(OPSETS, 8)
    _, outputs = graph_module.build(graph, given, [Column(name, at, "number", "double", False) for at, name in enumerate("abc")])
    rows = np.random.default_rng(8).normal(0, 2, (60, 3))
    labels, decisions = results(graph, [name for name, _ in outputs], [kind for _, kind in outputs], X=rows)
    squares = ((rows[:, None] - given.vectors[None]) ** 2).sum(axis=2)
    expected = np.exp(-0.5 * squares) @ given.pair_weights() - given.rho
    assert decisions == pytest.approx(expected, rel=1e-12)
    votes = np.zeros((60, 3))
    for at, (first, second) in enumerate(given.pairs):
        votes[np.arange(60), np.where(expected[:, at] > 0, first, second)] += 1
    assert labels.tolist() == np.array([7, 3, 5])[votes.argmax(axis=1)].tolist()


def test_probabilities_of_pairs_are_coupled_as_libsvm_does(tmp_path):
    text = CLASSIFIER.replace("nr_sv 1 2 1", "probA -1 -2 -1.5\nprobB 0.1 0.2 -0.1\nnr_sv 1 2 1")
    given = parsed(tmp_path, text)
    graph = Graph(OPSETS, 8)
    _, outputs = graph_module.build(graph, given, [Column(name, at, "number", "double", False) for at, name in enumerate("abc")])
    rows = np.random.default_rng(9).normal(0, 1, (5, 3))
    _, found = results(graph, [name for name, _ in outputs], [kind for _, kind in outputs], X=rows)
    squares = ((rows[:, None] - given.vectors[None]) ** 2).sum(axis=2)
    decisions = np.exp(-0.5 * squares) @ given.pair_weights() - given.rho
    shares = np.clip(1 / (1 + np.exp(given.prob_a * decisions + given.prob_b)), 1e-7, 1 - 1e-7)
    assert found == pytest.approx(np.array([coupled(row) for row in shares]), rel=1e-9)


def coupled(shares, k=3):
    """multiclass_probability of libsvm's svm.cpp, line by line."""
    r = np.zeros((k, k))
    for at, (first, second) in enumerate([(0, 1), (0, 2), (1, 2)]):
        r[first, second], r[second, first] = shares[at], 1 - shares[at]
    q = -r.T * r
    for t in range(k):
        q[t, t] = sum(r[j, t] ** 2 for j in range(k) if j != t)
    p = np.full(k, 1 / k)
    for _ in range(100):
        qp = q @ p
        pqp = p @ qp
        if np.abs(qp - pqp).max() < 0.005 / k:
            break
        for t in range(k):
            change = (pqp - qp[t]) / q[t, t]
            p[t] += change
            pqp = (pqp + change * (change * q[t, t] + 2 * qp[t])) / (1 + change) / (1 + change)
            qp = (qp + change * q[t]) / (1 + change)
            p /= 1 + change
    return p
