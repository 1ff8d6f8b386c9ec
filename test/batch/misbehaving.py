"""scikit-learn's converter, but for models whose names say how their conversion goes wrong."""

import importlib.util
import os
import signal
import sys
import time

FOLDER = os.path.join(os.path.dirname(__file__), "..", "..", "converters", "sklearn")
sys.path.insert(0, FOLDER)
spec = importlib.util.spec_from_file_location("sklearn_converter", os.path.join(FOLDER, "converter.py"))
converter = importlib.util.module_from_spec(spec)
spec.loader.exec_module(converter)


def convert(request):
    name = os.path.basename(request["path"])
    # Whoever asks has seen how the call before this one ended.
    if name.startswith("killed-once") and not request["crashed"]:
        os.kill(os.getpid(), signal.SIGKILL)
    if name.startswith("killed-always"):
        os.kill(os.getpid(), signal.SIGKILL)
    if name.startswith("hungry"):
        held = []
        while True:
            held.append(bytearray(b"x" * (64 << 20)))
            time.sleep(0.01)
    if name.startswith("endless"):
        while True:
            time.sleep(1)
    return converter.convert(request)
