#!/usr/bin/env bash
# Compiles all kernels with the address and undefined-behaviour sanitizers and runs them over awkward sizes. Needs a
# C++17 compiler with both sanitizers ($CXX, or c++), nothing of Node.
set -euo pipefail
cd "$(dirname "$0")/.."

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
flags=(-std=c++17 -O1 -g -Wall -Wextra -Werror -I. -pthread
  -fsanitize=address,undefined,float-cast-overflow -fno-sanitize-recover=all -fno-omit-frame-pointer)

compile() { "${CXX:-c++}" "${@:2}" -c "$1" -o "$out/${1//\//_}.o"; }
export -f compile
export out
find kernels test -name '*.cc' -print0 |
  xargs -0 -P "$(getconf _NPROCESSORS_ONLN)" -I {} bash -c 'compile "$@"' _ {} "${flags[@]}"
"${CXX:-c++}" "${flags[@]}" "$out"/*.o -o "$out/kernels"
"$out/kernels"
