#!/bin/sh
#SBATCH --job-name=colua --array=1-8 --ntasks=1 --time=02:00:00
#SBATCH --signal=B:TERM@60
# Part I of 8 of the assets in ids.tsv. A part that was interrupted goes on when it is started again.
set -eu
part=${1:-$SLURM_ARRAY_TASK_ID}
journal=shard-$part.jsonl
if [ -s "$journal" ]; then
  exec colua resume "$journal" > "shard-$part.tsv"
fi
exec colua tag --ids ids.tsv --add reviewed --shard "$part/8" --jobs 2 --rate 10 \
  --journal "$journal" --yes > "shard-$part.tsv"
