#!/bin/sh
# All eight parts, four at a time, with GNU parallel; then what came of them together.
set -u
seq 8 | parallel -j 4 sh shard.sh {}
failed=$?
colua runs --merge shard-*.jsonl
if [ $failed != 0 ]; then
  echo "not all parts are done; start shards.sh again" >&2
fi
exit $failed
