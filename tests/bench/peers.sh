#!/bin/bash
# peers.sh - fetches the peers that are not installed into a folder of their own.
#
#	peers.sh [FOLDER]
#
# Nothing is installed into the system and no daemon is started: Debian's
# packages are unpacked below FOLDER/root (rsyslog and syslog-ng conflict as
# installed packages, unpacked they don't), npm's go below FOLDER/npm.
# FOLDER is WEIR_BENCH_PEERS or ~/.cache/weir-bench. mawk, jq and miller are
# small and conflict with nothing: install them (apt-get install mawk jq miller).
set -eu
folder=${1:-${WEIR_BENCH_PEERS:-${XDG_CACHE_HOME:-$HOME/.cache}/weir-bench}}
mkdir -p "$folder"
cd "$folder"
failed=0

have() {
	test -x "/usr/sbin/$1" || test -x "/usr/local/sbin/$1" || test -x "root/usr/sbin/$1"
}

# Unpacks packages with what they need and the system lacks.
unpack() {
	local new rc=0
	new=$(apt-get install --simulate --no-install-recommends "$@" |
		awk '$1 == "Inst" { print $2 }') || return 1
	test -n "$new" || return 1
	mkdir -p debs root
	# shellcheck disable=SC2086 # a list of names
	(cd debs && apt-get download $new) || rc=1
	for deb in debs/*.deb; do
		dpkg -x "$deb" root || rc=1
	done
	rm -rf debs
	return $rc
}

try() {
	local what=$1
	shift
	if "$@"; then
		echo "peers.sh: $what is below $folder"
	else
		echo "peers.sh: $what: could not be fetched (see above)" >&2
		failed=1
	fi
}

if command -v apt-get >/dev/null && command -v dpkg >/dev/null; then
	have rsyslogd || try rsyslog unpack rsyslog
	have syslog-ng || try syslog-ng unpack syslog-ng-core
else
	echo "peers.sh: no apt-get: rsyslog and syslog-ng have to be installed by hand" >&2
fi

# Not npm's "duckdb": that one compiles for a quarter of an hour.
duckdb() {
	mkdir -p npm
	npm --prefix npm install --ignore-scripts --no-audit --no-fund --loglevel=error @duckdb/node-api >&2
}
if ! test -d npm/node_modules/@duckdb/node-api; then
	if command -v npm >/dev/null; then
		try DuckDB duckdb
	else
		echo "peers.sh: no npm: DuckDB can't be fetched" >&2
	fi
fi

for program in mawk jq mlr; do
	command -v $program >/dev/null || echo "peers.sh: $program is not installed" >&2
done
exit $failed
