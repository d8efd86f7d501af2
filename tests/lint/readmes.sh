#!/bin/bash
# readmes.sh - the parameters in the plugins' READMEs are those of the plugins.
echo 1..1
if "$WEIR_SRCDIR/build-aux/readmes.sh" --check >&2; then
	echo "ok 1 - the plugins' READMEs have the parameters that the plugins have"
else
	echo "not ok 1 - the plugins' READMEs have the parameters that the plugins have"
	echo "# run build-aux/readmes.sh --write"
fi
