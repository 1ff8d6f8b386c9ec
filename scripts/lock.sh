#!/usr/bin/env bash
# Locks the requirements of a converter or a runtime anew: every package that requirements.in leads to, with the hashes
# of all its builds.
#
#   scripts/lock.sh [FOLDER...]        e.g. converters/sklearn/environments/1.5; default: all that have a requirements.in
#
# For developers, after a change of a requirements.in. Needs a network, and as many of the Python versions that the
# manifest with this lock (converter.json or runtime.json) names as can be had (on the PATH or in pyenv's folder): the
# lock is installed with each of them, the requirements are checked with `pip check`, and the head of the lock says which
# ones passed.
# An index of your own goes into UV_INDEX_URL and PIP_INDEX_URL, a folder of wheels into UV_FIND_LINKS and PIP_FIND_LINKS;
# neither is written into the lock. A line `# without: PATTERN` in requirements.in leaves packages out that others ask for
# and that nothing here uses; an overrides.txt beside it takes them out before versions are chosen (`NAME ; python_version < '3'`).
set -euo pipefail
shopt -s nullglob
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

minor_versions() { # MIN MAX, newest first
  for minor in $(seq "${2#3.}" -1 "${1#3.}"); do echo "3.$minor"; done
}

interpreter() { # MINOR
  local found
  for found in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$1".*/bin/python "$(command -v "python$1" || true)"; do
    if [ -x "$found" ] && "$found" -c 'import venv, ensurepip' 2>/dev/null; then
      echo "$found"
      return
    fi
  done
}

environment_facts() { # FOLDER: `MIN MAX SOURCE_ONLY` of the environment whose lock lies there
  node -e '
    const { readFileSync } = require("node:fs");
    const path = require("node:path");
    const [folder, ...manifests] = process.argv.slice(1);
    const lock = path.resolve(folder, "requirements.lock");
    const named = manifests.flatMap((manifest) => {
      // The runtimes that Node loads have no environment.
      const { environment, environments = [environment] } = JSON.parse(readFileSync(manifest, "utf8"));
      return environments.filter((each) => each !== undefined && path.resolve(path.dirname(manifest), each.lock) === lock);
    });
    if (named.length === 0) throw new Error(`no manifest names ${lock}`);
    console.log(named[0].python.min, named[0].python.max, named[0].sourceOnly.join());
  ' "$1" {converters,runtimes,test/support}/*/{converter,runtime}.json
}

passes() { # PYTHON LOCK SOURCE_ONLY LEFT_OUT
  rm -rf "$work/try"
  "$1" -m venv "$work/try"
  "$work/try/bin/python" -m pip install --quiet --disable-pip-version-check --no-compile \
    --require-hashes --no-deps --only-binary :all: ${3:+--no-binary "$3"} --requirement "$2" || return
  # What is left out on purpose is the only thing that may be missing: "tf-keras 2.19.0 requires tensorflow, which is not installed."
  { "$work/try/bin/python" -m pip check || true; } | awk -v left_out="$4" '
    match($0, / requires [^ ,]+, which is not installed/) { split($0, words, / requires |, which/); if ((words[2] "=") ~ left_out) next }
    /^No broken requirements/ { next }
    { print; broken = 1 }
    END { exit broken }'
}

lock() { # FOLDER
  local folder=${1%/} min max sources without overrides="" left_out tested=()
  read -r min max sources < <(environment_facts "$folder")
  if [ -e "$folder/overrides.txt" ]; then overrides=$folder/overrides.txt; fi
  "$work/uv/bin/uv" pip compile --quiet --universal --python-version "$min" --generate-hashes \
    --no-header --no-annotate --no-emit-index-url --no-emit-find-links ${overrides:+--override "$overrides"} "$folder/requirements.in" --output-file "$work/whole" >/dev/null
  without=$(sed -n 's/^# without: //p' "$folder/requirements.in")
  # A package is a line that does not begin with a blank; its hashes follow.
  without=${without:-^\$}
  awk -v without="$without" '/^[^ ]/ { skipped = $0 ~ without } !skipped' "$work/whole" > "$work/lock"
  left_out="$without|^($(sed -n '/^#/d; s/ *;.*//p' ${overrides:+"$overrides"} </dev/null | paste -sd '|'))="
  for minor in $(minor_versions "$min" "$max"); do
    python=$(interpreter "$minor")
    if [ -z "$python" ]; then
      echo "$1: no Python $minor here, so not tried with it" >&2
    elif passes "$python" "$work/lock" "$sources" "$left_out" >&2; then
      tested+=("$minor")
    else
      echo "$1: can't be installed with Python $minor" >&2
    fi
  done
  {
    echo "# Every package of this environment, with the hashes of all its builds. Made by scripts/lock.sh from requirements.in."
    echo "# tested with Python $(IFS=,; echo "${tested[*]}" | sed 's/,/, /g')"
    cat "$work/lock"
  } > "$folder/requirements.lock"
  echo "$folder/requirements.lock: $(grep -c == "$folder/requirements.lock") packages, tested with Python ${tested[*]}"
}

python3 -m venv "$work/uv"
"$work/uv/bin/python" -m pip install --quiet --disable-pip-version-check uv

if [ $# -eq 0 ]; then
  for file in {converters,converters/*/environments,runtimes,test/support}/*/requirements.in; do set -- "$@" "$(dirname "$file")"; done
fi
for folder in "$@"; do lock "$folder"; done
