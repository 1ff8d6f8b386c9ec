"""Names in proposed command lines are one argument of a shell."""

import subprocess

import pytest
from predictable_facts.shell import for_shell


@pytest.mark.parametrize("name", ["x:0", "a b;$(touch x)'\"`", "a\nb\u202e%s\\n\x1b[2J", "##vso[a]::error::b", "Malmö", ""])
def test_name_is_one_argument_of_a_shell(name: str) -> None:
    said = for_shell(name)
    assert subprocess.check_output(["sh", "-c", "printf '%s|' " + said]) == f"{name}|".encode()
    assert said.isprintable() and "##" not in said and "::" not in said
