#!/usr/bin/env bash
# Runs the whole pipeline for one day: pipeline.sh INPUT WORKSPACE DATE RUN [options of 'dicm pipeline']
# A launcher that Oozie starts again follows the application that an earlier one has submitted (--key auto).
# stdout carries the results as properties, for Oozie's capture-output; the exit code is DICM's own.
set -euo pipefail

if [[ $# -lt 4 ]]; then
  echo "USAGE: Cannot run pipeline.sh: given were $# arguments, needed INPUT WORKSPACE DATE RUN." >&2
  exit 2
fi

json_text() { # TEXT -> "TEXT" with what JSON needs escaped
  local text="${1//\\/\\\\}"
  printf '"%s"' "${text//\"/\\\"}"
}

cat > pipeline.json << JSON
{
  "name": $(json_text "dicm-$3-$4"),
  "input": $(json_text "$1"),
  "workspace": $(json_text "$2"),
  "date": $(json_text "$3"),
  "run": $(json_text "$4")
}
JSON
shift 4

exec yarn jar dicm.jar pipeline "file://$PWD/pipeline.json" --key auto --output properties "$@"
