#!/bin/sh
# Goes on training the radius network on pictures of one's own camera: finetune.sh FRAMES OUT [PATCHES]
# FRAMES holds sharp pictures; OUT gets the patches (OUT/data) and the networks (OUT/models). Interrupted, run it again.
set -eu
if [ $# -lt 2 ]; then
  echo "usage: $0 FRAMES OUT [PATCHES]" >&2
  exit 2
fi
root=$(cd "$(dirname "$0")/.." && pwd)
frames=$1 out=$2 count=${3:-1500}
mkdir -p "$out/models" "$out/vectors"
node "$root/dist/cli/main.js" dataset --photos "$frames" --out "$out/data" --count "$count" --shard-size 150
python3 "$root/training/train_defocus.py" "$out/data" --start "$root/models/defocus.onnx" --rate 2e-4 --epochs 3 \
  --out "$out/models" --vectors "$out/vectors" --curves "$out/curves.png"
for model in paper-estimator paper-discriminator paper-discriminator-dof sharpness; do
  cp "$root/models/$model.onnx" "$root/models/$model.json" "$out/models/"
done
