#!/usr/bin/env bash
# The steps of the Dockerfile. Each runs without Docker as well, on Linux and macOS, but for `system`, which is Debian's:
#
#   scripts/image.sh system build|run CONVERTERS   as root: the system's packages that those converters need
#   scripts/image.sh program PREFIX                PREFIX/bin/predictable, with all that it runs with
#   scripts/image.sh environments PREFIX CONVERTERS [NAMES]
#                                                  the runtimes and their Python environments into PREFIX/cache; NAMES, parted by commas,
#                                                  are of environments beside each converter's first: "scikit-learn 1.5,tabular"
#   scripts/image.sh check PREFIX CONVERTERS [NAMES]
#                                                  that they are whole, without a network
#
# CONVERTERS is one argument: "sklearn lightgbm". pip and npm take their own settings (PIP_INDEX_URL, pip.conf, .npmrc).
set -euo pipefail
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

system() { # build|run CONVERTERS
  # Wheels of LightGBM look for the system's OpenMP; what is compiled does too.
  local packages=(python3 libgomp1)
  if [ "$1" = build ]; then packages+=(python3-venv); fi
  for converter in $2; do
    case $converter in
      libsvm) if [ "$1" = build ]; then packages+=(g++); fi ;;
      h2o | spark) packages+=(openjdk-17-jre-headless) ;;
    esac
  done
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends "${packages[@]}"
  rm -rf /var/lib/apt/lists/*
}

program() { # PREFIX
  node "$source/scripts/prepare.mjs"
  mkdir -p "$1"
  for part in package.json package-lock.json LICENSE SECURITY.md bin dist python converters runtimes samples schemas node_modules; do
    rm -rf "${1:?}/$part"
    cp -R "$source/$part" "$1/$part"
  done
  # What samples/make-zoo.mjs may have trained here.
  rm -rf "${1:?}/samples/trained"
  (cd "$1" && npm prune --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error)
  ln -sf predictable.js "$1/bin/predictable"
}

environments() { # PREFIX CONVERTERS [NAMES]
  set_up "$@"
  # Who runs it may not write here: what is not compiled now would be at every start (two models: 9.9 s instead of 3.2 s).
  # Some packages bring files for other versions of Python, which do not compile and are not imported.
  for environment in "$1"/cache/environments/*/; do
    "$environment/bin/python" -m compileall -q -j 0 "$environment/lib" >/dev/null || true
  done
  # What environments were built with is not needed again.
  rm -rf "$1/cache/pip" "$1/cache/logs"
}

check() { # PREFIX CONVERTERS [NAMES]
  # It finds what is there, or tries to get what is not: with no index and no registry, that ends in an error.
  npm_config_offline=true npm_config_cache=/nonexistent PIP_NO_INDEX=1 PIP_FIND_LINKS='' PIP_NO_CACHE_DIR=1 set_up "$@"
}

set_up() { # PREFIX CONVERTERS [NAMES]
  local names name chosen=()
  export PREDICTABLE_CACHE=$1/cache
  # shellcheck disable=SC2086 # Several ids.
  "$1/bin/predictable" setup $2
  IFS=, read -ra names <<<"${3:-}"
  for name in "${names[@]}"; do chosen+=(--environment "$name"); done
  if [ ${#chosen[@]} -gt 0 ]; then "$1/bin/predictable" setup "${chosen[@]}"; fi
}

case ${1:-} in
  system | program | environments | check) "$@" ;;
  *) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac
