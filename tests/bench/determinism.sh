#!/usr/bin/env bash
# The same code gives the same bytes: hashes over Pythons, numpys, pandas, SIMD off, no pyarrow.
#
#     tests/bench/determinism.sh PYTHON3.11 PYTHON3.12 PYTHON3.13
#
# Makes an environment for each line in a temporary folder and prints one hash a line.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat > "$work/hash.py" <<'PY'
import hashlib, sys
import numpy, pandas
from salescourse.codes import COUNT, from_number
from salescourse.company import Company

codes = [from_number(n * 7919 % COUNT) for n in range(1, 13)]
total = hashlib.sha256("".join(Company.generate(c).content_hash() for c in codes).encode())
demo = Company.load("demo").content_hash()
arrow = "pyarrow" if "pyarrow" in sys.modules else "без pyarrow"
print(total.hexdigest()[:16], demo[:16], sys.version.split()[0], "numpy", numpy.__version__,
      "pandas", pandas.__version__, arrow)
PY

run() { # python, requirements…
    local python=$1
    shift
    local env="$work/env$RANDOM"
    "$python" -m venv "$env"
    "$env/bin/pip" install --quiet "$@" "faker==40.54.0" typer rich 2>/dev/null
    PYTHONPATH=. "$env/bin/python" "$work/hash.py"
    last="$env"
}

for python in "$@"; do
    run "$python" numpy pandas pyarrow
done
PYTHONPATH=. NPY_DISABLE_CPU_FEATURES="AVX2 FMA3 AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR" \
    "$last/bin/python" -W ignore "$work/hash.py" | sed 's/$/ SIMD off/'
run "$1" "numpy==2.0.*" "pandas==2.2.*" pyarrow
run "$1" "numpy==2.0.*" "pandas==2.2.*"
run "$1" numpy pandas
