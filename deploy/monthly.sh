#!/bin/sh
# The job of one month. Needs ASCENT_INPUTS and ASCENT_HOME; takes a month such as 2026-10, else the last one due.
set -eu
cd "$(dirname "$0")/.."
: "${ASCENT_INPUTS:?the folder or URL of the input tables}" "${ASCENT_HOME:?where Ascent keeps what it publishes}"
export MLFLOW_DISABLE_TELEMETRY=true
# A month is due on its 25th. A machine that wakes on the 3rd still owes last month: 24 days ago names the month that is due.
month=${1:-$(date -u -d "${ASCENT_TODAY:-now} 24 days ago" +%Y-%m)}
exec "${ASCENT_COMMAND:-.venv/bin/ascent}" monthly --from "$ASCENT_INPUTS" --month "$month" --home "$ASCENT_HOME"
