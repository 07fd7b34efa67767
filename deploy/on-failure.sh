#!/bin/sh
# Runs the command in ASCENT_ON_FAILURE with one argument: the path of the failed run's report.
# A run that died before it could write one leaves the argument empty; reports older than a day are another run's.
set -eu
: "${ASCENT_HOME:?where Ascent keeps what it publishes}"
report=$(find "$ASCENT_HOME" -type f -name 'run_report.*' -mtime -1 -printf '%T@ %p\n' | sort -rn | head -n 1 | cut -d ' ' -f 2-)
if [ -z "${ASCENT_ON_FAILURE:-}" ]; then
  echo "ascent failed and ASCENT_ON_FAILURE names no command; report: ${report:-none}" >&2
  exit 0
fi
exec sh -c "$ASCENT_ON_FAILURE \"\$1\"" on-failure "$report"
