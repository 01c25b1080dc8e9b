#!/bin/sh
# Takes back the newest run of that name: undo-last.sh NAME [--dry-run | --yes]
set -eu
name=${1:?a name, as colua runs has it}
shift
journal=$(colua runs --tsv --fields name,path |
  awk -F '\t' -v name="$name" '$1 == name && !found { print $2; found = 1 }')
if [ -z "$journal" ]; then
  echo "no run is called $name" >&2
  exit 1
fi
exec colua undo "$journal" "$@"
