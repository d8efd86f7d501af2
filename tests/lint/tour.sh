#!/bin/bash
# tour.sh - the list of files in runtime/README.md is that of the tree.
echo 1..1
if "${WEIR_SRCDIR:-.}/build-aux/tour.sh" --check; then
	echo "ok 1 - runtime/README.md lists the files that are there"
else
	echo "not ok 1 - runtime/README.md lists the files that are there"
	echo "# run build-aux/tour.sh --write"
fi
