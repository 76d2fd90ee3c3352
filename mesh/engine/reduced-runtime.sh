#!/bin/sh
# A runc for machines whose bounding set lacks CAP_SYS_RESOURCE. Docker before 23 asks for every capability it knows when a
# container is privileged, and runc then fails to apply one that the kernel will not give. This takes just that one out of
# what Docker wrote, for `run --privileged` (config.json of the bundle) and for `exec --privileged` (the --process file).
drop() {
  jq '(.. | objects | .capabilities? | objects) |= map_values(map(select(. != "CAP_SYS_RESOURCE")))' "$1" > "$1.reduced" &&
    cat "$1.reduced" > "$1" && rm "$1.reduced"
}
previous=
for argument in "$@"; do
  case $previous in
    --bundle) [ -f "$argument/config.json" ] && drop "$argument/config.json" ;;
    --process | -p) [ -f "$argument" ] && drop "$argument" ;;
  esac
  previous=$argument
done
exec runc "$@"
