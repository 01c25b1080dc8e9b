#!/bin/sh
# The rule of every night, for cron: it says something only if a person should look.
set -u
PATH=$HOME/.local/bin:$PATH
cd "$(dirname "$0")" && mkdir -p nightly || exit 1
exec 9> nightly/lock
flock -n 9 || exit 0                     # the run of last night is still at it

day=nightly/$(date +%Y-%m-%d)
colua retag-by-rule.lua --yes --jobs 4 --max-errors 10 --csv > "$day.csv" 2> "$day.log"
status=$?
if [ $status != 0 ]; then
  echo "colua ended with status $status:"
  cat "$day.log"
fi
find nightly -name '20*' -mtime +30 -exec rm -f {} +
exit $status
