#!/usr/bin/env bash
# Runs a command of dicm.jar for one day: dicm.sh COMMAND STAGES INPUT WORKSPACE DATE RUN [options of the command]
# COMMAND is 'doctor' or 'pipeline', STAGES are separated by commas.
#
# - stdout carries the results as properties, for Oozie's capture-output; the exit code is DICM's own.
# - A launcher that Oozie or YARN starts again follows the application that an earlier one has submitted (--key auto).
# - What failed for the environment's sake (DICM_RETRY_CODES) is tried again, DICM_RETRIES times.
# - Of a failure the last sentence goes to DICM_SENTENCE on HDFS, for the workflow's message.
set -euo pipefail

if [[ $# -lt 6 ]]; then
  echo "USAGE: Cannot run dicm.sh: given were $# arguments, needed COMMAND STAGES INPUT WORKSPACE DATE RUN." >&2
  exit 2
fi

# No resources, a failed node, the environment; and a client that lost an application which goes on.
readonly retry_codes=" ${DICM_RETRY_CODES:-5 6 9 10} "
readonly retries="${DICM_RETRIES:-2}" wait_seconds="${DICM_RETRY_SECONDS:-300}"
readonly command="$1" stages="$2"

json_text() { # TEXT -> "TEXT" with what JSON needs escaped
  local text="${1//\\/\\\\}"
  printf '"%s"' "${text//\"/\\\"}"
}

cat > pipeline.json << JSON
{
  "name": $(json_text "dicm-$5-$6"),
  "input": $(json_text "$3"),
  "workspace": $(json_text "$4"),
  "date": $(json_text "$5"),
  "run": $(json_text "$6"),
  "stages": ["${stages//,/\", \"}"]
}
JSON
shift 6

# A value that is not set in job.properties must not take the place of the site's.
options=()
while (($# > 0)); do
  if [[ "$1" == -D && "${2:-}" == *= ]]; then
    shift 2
  else
    options+=("$1")
    shift
  fi
done

call=("${HADOOP_BIN:?}/yarn" jar dicm.jar "$command" "file://$PWD/pipeline.json" --output properties)
if [[ "$command" == pipeline ]]; then
  call+=(--key auto)
fi

run() { # -> exit code; stderr is shown and kept
  local code=0
  : > errors
  { "${call[@]}" ${options[@]+"${options[@]}"} 2>&1 1>&3 3>&- | tee errors >&2; } 3>&1 || code=${PIPESTATUS[0]}
  return "$code"
}

keep_sentence() { # CODE
  local sentence
  sentence="$(grep -E '^[A-Z_]+: ' errors | tail -n 1 | cut -c 1-500)" || sentence=""
  printf '%s\n' "${sentence:-The $command command ended with exit code $1; see the log of the launcher.}" > sentence
  if [[ -n "${DICM_SENTENCE:-}" ]]; then
    "$HADOOP_BIN/hadoop" fs -mkdir -p "${DICM_SENTENCE%/*}" >&2 &&
      "$HADOOP_BIN/hadoop" fs -put -f sentence "$DICM_SENTENCE" >&2 ||
      echo "Cannot keep the sentence in $DICM_SENTENCE." >&2
  fi
}

code=0
for ((attempt = 0; attempt <= retries; attempt++)); do
  if ((attempt > 0)); then
    echo "Exit code $code: trying again in $wait_seconds s, $attempt of $retries." >&2
    sleep "$wait_seconds"
  fi
  code=0
  run || code=$?
  if [[ "$retry_codes" != *" $code "* ]]; then
    break
  fi
done
if ((code == 10)); then
  # Nobody would follow it any more, and the next day would find its resources taken.
  application="$(grep -oE 'application_[0-9]+_[0-9]+' errors | tail -n 1)" || application=""
  if [[ -n "$application" ]]; then
    "$HADOOP_BIN/yarn" jar dicm.jar kill "$application" >&2 || echo "Cannot kill $application." >&2
  fi
fi
if ((code != 0)); then
  keep_sentence "$code"
fi
exit "$code"
