#!/bin/sh
# Stops a throwaway server and removes its data folder once the process that started it closes this script's standard
# input, which the kernel does for a process that was killed.
# Arguments: the data folder, then the command that stops the server.
exec >/dev/null 2>&1
trap '' HUP INT TERM
folder=$1
shift
while read -r _; do :; done
"$@"
# An initdb or a server that was just starting may still write there.
rm -rf "$folder" || { sleep 3; rm -rf "$folder"; }
