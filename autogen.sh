#!/bin/bash
# autogen.sh - from a fresh checkout to something that runs.
#
#   ./autogen.sh                       write ./configure
#   ./autogen.sh demo [--no-install]   build it and let it read a log of yours
#   ./autogen.sh check [--no-install]  build it and run every test there is
#
# demo and check install what is missing (Debian packages, with apt-get as root
# or through sudo); --no-install leaves that to you. Both build in ./build*.

# What building needs
BUILD="gcc make autoconf automake libtool pkg-config libltdl-dev libconfig-dev
	libhiredis-dev libpcre2-dev zlib1g-dev libzstd-dev"
# What testing needs on top
TEST="libcriterion-dev g++ clang libclang-rt-14-dev python3 jq redis-server
	netcat-openbsd procps util-linux"

cd "$(dirname "$0")" || exit 1
root=$PWD
logs=$root/build/logs
jobs=2
exec </dev/null
export LC_ALL=C.UTF-8

# say WHAT TEXT... - one line of what happens
say()
{
	local what=$1

	shift
	printf '  %-11s %s\n' "$what" "$*"
}

die()
{
	printf '\nautogen.sh: %s\n' "$1" >&2
	exit 1
}

# quiet NAME COMMAND... - its output goes to a file, shown only if it fails
quiet()
{
	local log="$logs/$1.log"

	shift
	mkdir -p "$logs"
	"$@" >"$log" 2>&1 && return 0
	printf '\n%s\n' "failed: $*" >&2
	tail -n 20 "$log" | sed 's/^/  | /' >&2
	printf '%s\n' "all of it: $log" >&2
	return 1
}

# --- packages ---------------------------------------------------------------

missing_packages()
{
	local p

	for p in "$@"; do
		dpkg-query -W -f '${Status}' "$p" 2>/dev/null |
			grep -q ' installed$' || printf '%s ' "$p"
	done
}

# apt_get ARGUMENTS... - as root, or through sudo if it asks no password
apt_get()
{
	local sudo=

	test "$(id -u)" = 0 || sudo="sudo -n"
	$sudo env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
		-o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120 "$@"
}

install_packages()
{
	local missing

	test "$install" = yes || return 0
	command -v dpkg-query >/dev/null || {
		say packages "not a Debian, so please see to these:" "$*"
		return 0
	}
	missing=$(missing_packages "$@")
	if test -z "$missing"; then
		say packages "all there"
		return 0
	fi
	missing=${missing% }
	if test "$(id -u)" != 0 && ! sudo -n true 2>/dev/null; then
		die "packages are missing, and installing them needs root. Please run:
  sudo apt-get install $missing"
	fi
	say packages "installing $missing"
	if ! ls /var/lib/apt/lists/*_Packages* >/dev/null 2>&1; then
		quiet apt-update apt_get update || exit 1
	fi
	# Lists that are too old name packages that are gone.
	apt_get install --no-install-recommends $missing >/dev/null 2>&1 ||
		{ quiet apt-update apt_get update &&
			quiet apt-install apt_get install \
				--no-install-recommends $missing; } ||
		die "please run:
  apt-get update && apt-get install $missing"
}

# --- building ---------------------------------------------------------------

# Is ./configure there, and newer than all it is made from?
configure_is_fresh()
{
	test -f configure && test -f Makefile.in &&
		test -z "$(find configure.ac Makefile.am m4/weir.m4 sdk runtime \
			plugins configs tests \( -name '*.ac' -o -name '*.am' \
			-o -name '*.m4' -o -name local.mk \) \
			-newer Makefile.in -print -quit)"
}

generate()
{
	command -v autoreconf >/dev/null ||
		die "autoreconf not found. On Debian: apt-get install autoconf automake libtool pkg-config"
	quiet autoreconf autoreconf -fi || exit 1
}

# configured FOLDER ARGUMENTS... - configures it, unless that was done already
configured()
{
	local dir=$1
	local stamp=$dir/.autogen

	shift
	if test -f "$dir/Makefile" && test "$dir/config.status" -nt configure &&
		test -f "$stamp" && test "$(cat "$stamp")" = "$*"; then
		return 0
	fi
	if test -f config.status; then
		die "this folder holds a build of its own. Please run first:
  make distclean"
	fi
	mkdir -p "$dir"
	say configure "in $dir/"
	(cd "$dir" && quiet "configure-${dir#build}" ../configure "$@") || return 1
	printf '%s' "$*" >"$stamp"
}

# --- demo -------------------------------------------------------------------

# The log to read: $LOG, dpkg's, or the largest text below /var/log
find_log()
{
	local f

	if test -n "$LOG"; then
		test -r "$LOG" || die "LOG=$LOG: can't be read"
		printf '%s' "$LOG"
		return 0
	fi
	if test -r /var/log/dpkg.log && test -s /var/log/dpkg.log; then
		printf /var/log/dpkg.log
		return 0
	fi
	find /var/log -type f -name '*.log' -size +0 -readable \
		-printf '%s %p\n' 2>/dev/null | sort -rn | cut -d' ' -f2- |
	while IFS= read -r f; do
		grep -qI . "$f" && printf '%s' "$f" && break
	done
}

demo()
{
	local config=configs/01-package-activity.conf
	local out=$root/build/demo
	local how=

	install_packages $BUILD
	configure_is_fresh || { say configure "writing it"; generate; }
	# How it was configured before is as good: then nothing is built twice.
	if test -f build/.autogen; then
		how=$(cat build/.autogen)
	elif ! pkg-config --exists 'criterion >= 2.4'; then
		how=--disable-tests
	fi
	configured build $how || exit 1
	say build "compiling in build/"
	quiet build make -C build -j"$(nproc)" || exit 1

	LOG=$(find_log) || exit 1
	test -n "$LOG" || die "no readable text below /var/log. Name one:
  LOG=/path/to/a.log ./autogen.sh demo"
	if test "$(basename "$LOG")" != dpkg.log; then
		config=configs/02-any-log.conf
		say log "no /var/log/dpkg.log to read, so it is $LOG"
	else
		say log "$LOG"
	fi
	test -f "$config" || die "$config: no such file"

	rm -rf "$out"
	mkdir -p "$out"
	say run "build/weir run $config"
	echo
	LOG=$LOG OUT=$out WEIR_PLUGIN_PATH=$root/build/plugins/.libs \
		build/weir run "$config" || die "weir ended with status $?"
	echo
	for f in "$out"/*; do
		test -f "$f" && say written "${f#"$root"/} ($(wc -l <"$f") lines)"
	done
	cat <<END

  What now?
    export WEIR_PLUGIN_PATH=$root/build/plugins/.libs LOG=$LOG OUT=$out
    build/weir --help                 what it can do
    build/weir check $config
    ls configs                        more examples, from simple to complex
    ./autogen.sh check                run the tests
    make -C build install             install it
END
}

# --- check ------------------------------------------------------------------

passed=0
failed=0

# Sums up what automake says at the end of each run in the file $1.
count()
{
	awk -v kind="$2" '$1 == "#" && $2 == kind ":" { n += $3 }
		END { print n + 0 }' "$1"
}

# phase NAME COMMAND... - one line with its time and counts
phase()
{
	local name=$1 log=$logs/check-$1.log start=$SECONDS rc p f s

	shift
	mkdir -p "$logs"
	("$@") >"$log" 2>&1
	rc=$?
	p=$(($(count "$log" PASS) + $(count "$log" XFAIL)))
	f=$(($(count "$log" FAIL) + $(count "$log" XPASS) + $(count "$log" ERROR)))
	s=$(count "$log" SKIP)
	# It broke before or after its tests: that is a failure of its own.
	if test $rc -ne 0 && test $f -eq 0; then
		f=1
		printf '\n%s\n' "$name: exit status $rc without a failed test:" >&2
		tail -n 20 "$log" | sed 's/^/  | /' >&2
		printf '%s\n' "all of it: $log" >&2
	elif test $((p + f)) -eq 0; then
		f=1
		printf '\n%s\n' "$name: not one test was run; see $log" >&2
	elif test $f -ne 0; then
		grep -aE '^(FAIL|XPASS|ERROR): ' "$log" | head -n 40 | sed 's/^/  | /' >&2
		printf '%s\n' "all of it: $log, and the .log beside each test" >&2
	fi
	say "$name" "$p passed, $f failed, $s skipped ($((SECONDS - start)) s)"
	passed=$((passed + p))
	failed=$((failed + f))
}

# built FOLDER ARGUMENTS... - configured and compiled
built()
{
	configured "$@" && make -C "$1" -j"$jobs"
}

suite() { built "$@" && make -C "$1" -k -j"$jobs" check; }
tsan_suite() { built "$@" && make -C "$1" -k -j"$jobs" check-tsan; }

# The fuzzers print no counts: each run is one thing that passes or fails.
fuzz()
{
	make -C build fuzz FUZZ_SECONDS=5 && echo "# PASS: 1"
}

check()
{
	install_packages $BUILD $TEST
	configure_is_fresh || { say configure "writing it"; generate; }
	phase plain suite build
	phase asan suite build-asan --enable-asan 'CFLAGS=-g -O1'
	phase tsan tsan_suite build-tsan --enable-tsan 'CFLAGS=-g -O1'
	test -x tests/fuzz/run && phase fuzz fuzz
	echo
	echo "$passed passed, $failed failed"
	test $failed -eq 0
}

# --- the command line -------------------------------------------------------

install=yes
command=
for arg in "$@"; do
	case $arg in
	--no-install) install=no ;;
	-h | --help)
		sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
		exit 0
		;;
	demo | check)
		test -z "$command" || die "one command at a time: $command or $arg"
		command=$arg
		;;
	*) die "don't know '$arg'. Try: ./autogen.sh [demo|check] [--no-install]" ;;
	esac
done

case $command in
demo) demo ;;
check) check ;;
*)
	say configure "writing it"
	generate
	printf '\n  Now: ./configure && make\n  Or:  ./autogen.sh demo\n'
	;;
esac
