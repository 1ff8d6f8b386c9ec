"""Microsoft's parser, by way of its language service, which speaks the protocol of editors."""

from __future__ import annotations

import ctypes
import importlib.util
import json
import os
import signal
import subprocess
import tempfile
import threading
from typing import Any

from pieces import Piece
from rewrites import for_microsoft

ANSWER_SECONDS = 120


class ServiceEnded(Exception):
    pass


def ask_microsoft(pieces: list[Piece]) -> None:
    """All pieces as batches of one document: the service waits 0.75 s for each document to be typed to its end."""
    if not pieces:
        return
    texts = [for_microsoft(piece) for piece in pieces]
    try:
        diagnostics = diagnostics_of("\nGO\n".join(texts))
    except ServiceEnded:
        # Nonsense can end it (an Internal Parser Error): most is known by now, and the rest is found by halves.
        unknown = [piece for piece in pieces if not piece.problems]
        if len(pieces) == 1:
            pieces[0].add(0, "Microsoft's parser: broke off")
        elif len(unknown) < len(pieces):
            ask_microsoft(unknown)
        else:
            ask_microsoft(pieces[: len(pieces) // 2])
            ask_microsoft(pieces[len(pieces) // 2 :])
        return
    owners = []
    for piece, text in zip(pieces, texts):
        lines = text.count("\n") + 1
        # The line of its GO is where it sees that something is missing at the end.
        owners += [(piece, min(line, lines - 1)) for line in range(lines + 1)]
    for diagnostic in diagnostics:
        piece, line = owners[min(diagnostic["range"]["start"]["line"], len(owners) - 1)]
        piece.add(line, "Microsoft's parser: %s" % diagnostic["message"].replace("near 'GO'", "near the end"))


def diagnostics_of(document: str) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        # Else it leaves pipes for debuggers in the temporary folder.
        environment = {**os.environ, "COMPlus_EnableDiagnostics": "0"}
        pipe = subprocess.PIPE
        service = subprocess.Popen(
            [service_file()], stdin=pipe, stdout=pipe, cwd=folder, env=environment, preexec_fn=end_with_parent
        )
        # Pipes cannot be read with a time limit.
        alarm = threading.Timer(ANSWER_SECONDS, service.kill)
        alarm.start()
        try:
            opened = {"uri": "untitled:texts", "languageId": "SQL", "version": 1, "text": document}
            send(service, id="1", method="initialize", params={"processId": 1, "rootUri": None, "capabilities": {}})
            send(service, method="textDocument/didOpen", params={"textDocument": opened})
            while True:
                message = receive(service)
                if message.get("method") == "textDocument/publishDiagnostics":
                    return message["params"]["diagnostics"]
        finally:
            alarm.cancel()
            service.kill()
            service.wait()


def send(service: subprocess.Popen[bytes], **message: Any) -> None:
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    service.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    service.stdin.flush()


def receive(service: subprocess.Popen[bytes]) -> dict[str, Any]:
    length = 0
    while line := service.stdout.readline().strip():
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    if length == 0:
        raise ServiceEnded("the language service ended without an answer")
    return json.loads(service.stdout.read(length))


def end_with_parent() -> None:
    """It goes on when its input ends."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)


def service_file() -> str:
    package = importlib.util.find_spec("mssqltoolsservice").submodule_search_locations[0]
    return os.path.join(package, "bin", "MicrosoftSqlToolsServiceLayer")


def prepare_service() -> None:
    """Once, when the environment is built: its .NET finds no ICU of today, and must be told to do without."""
    settings = service_file() + ".runtimeconfig.json"
    wanted = json.dumps({"runtimeOptions": {"configProperties": {"System.Globalization.Invariant": True}}})
    with open(settings, "r+", encoding="utf-8") as file:
        if file.read() != wanted:
            file.seek(0)
            file.truncate()
            file.write(wanted)
            os.chmod(service_file(), 0o755)
