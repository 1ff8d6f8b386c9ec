"""Compiles Python files of ours that are newer than their bytecode, where that may be written."""

import os
import sys


def refresh(folder: str) -> None:
    """Of `folder` and all within. What a process that may write nothing would compile anew each time."""
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in ("__pycache__", "node_modules", "environments")]
        for name in names:
            if name.endswith(".py"):
                compile_newer(parent, name)


def compile_newer(folder: str, name: str) -> None:
    compiled = os.path.join(folder, "__pycache__", "%s.%s.pyc" % (name[: -len(".py")], sys.implementation.cache_tag))
    source = os.path.join(folder, name)
    try:
        if os.path.exists(compiled) and os.stat(compiled).st_mtime >= os.stat(source).st_mtime:
            return
        import py_compile

        py_compile.compile(source, compiled, doraise=True)
    except (OSError, SyntaxError, ValueError):
        return  # A folder that is not ours to write, or a file for another Python: it is compiled when it is imported.
    except Exception as error:
        if type(error).__name__ != "PyCompileError":
            raise
