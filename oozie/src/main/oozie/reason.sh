#!/usr/bin/env bash
# Prints the sentence with which dicm.sh ended as a property, for Oozie's capture-output.
set -euo pipefail

# Java's properties would take a backslash for an escape.
printf 'sentence=%s\n' "$(head -n 1 sentence | tr '\\' '/')"
