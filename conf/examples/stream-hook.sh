#!/bin/sh
# A program for a stream sink: appends each event to a file of the day in the directory that it is
# given. It is started once, says OK when it is ready, and then for each event that it has taken.
# Another line says that it did not take the event, which then comes again. What goes to standard
# error is in httpd's error log. At the end of its input it ends.
directory=$1
if ! [ -d "$directory" ] || ! [ -w "$directory" ]; then
  echo "directory '$directory' is missing or not writable; events wait" >&2
  exit 1
fi
echo OK
while IFS= read -r event; do
  if printf '%s\n' "$event" >> "$directory/$(date -u +%Y-%m-%d).json"; then
    echo OK
  else
    echo "could not write"
  fi
done
