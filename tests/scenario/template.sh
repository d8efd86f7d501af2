#!/bin/bash
# template.sh - the templates build against an installed SDK, as C and as C++,
# with gcc and with clang, and run.
if [ -n "$WEIR_SANITIZERS" ]; then
	echo "1..0 # SKIP plugins of another build cannot be loaded here"
	exit 0
fi
t=$(mktemp -d) || exit 99
trap 'rm -rf "$t"' EXIT
echo 1..6

n=0
ok() { # ok STATUS TITLE
	n=$((n + 1))
	[ "$1" = 0 ] && echo "ok $n - $2" && return
	echo "not ok $n - $2"
	sed 's/^/# /' "$t/log" | tail -20
}

make -C "$WEIR_BUILDDIR" -s install prefix="$t/prefix" >"$t/log" 2>&1
ok $? "weir installs into a prefix of its own"
cp -r "$t/prefix/share/weir/template" "$t/mine"
export PKG_CONFIG_PATH=$t/prefix/lib/pkgconfig PATH=$t/prefix/bin:$PATH
# installed plugins, not those of the build
export WEIR_PLUGIN_PATH=$t/prefix/lib/weir/plugins
# the .pc file knows the configured prefix; this one was moved
cd "$t/mine" || exit 99
pc="make PKG_CONFIG='pkg-config --define-variable=prefix=$t/prefix --define-variable=includedir=$t/prefix/include'"

run() { # run TITLE MAKE-ARGUMENTS...
	title=$1
	shift
	{
		eval "$pc" -s clean && eval "$pc" -s all '"$@"' && make -s check
	} >"$t/log" 2>&1 &&
		python3 - out.ndjson >>"$t/log" 2>&1 <<'PY'
import json, sys
got = [json.loads(line) for line in open(sys.argv[1])]
want = [{"tick": i, "tag": "even" if i % 2 == 0 else "odd"} for i in range(1, 11)]
assert got == want, got
PY
	ok $? "$title"
}

run "built with gcc as C11, the templates run" \
	CC='gcc -std=c11 -Werror'
run "built with clang as C11, the templates run" \
	CC='clang -std=c11 -Werror'
run "built with g++ as C++11, the templates run" \
	CC='g++ -x c++ -std=c++11 -Werror'
run "built with clang++ as C++11, the templates run" \
	CC='clang++ -x c++ -std=c++11 -Werror'

# A plugin of another ABI is refused before its code runs.
sed 's/WEIR_NOTE(/#undef WEIR_ABI_MAJOR\n#define WEIR_ABI_MAJOR 9u\nWEIR_NOTE(/' tag.c >other.c
mv other.c tag.c
eval "$pc" -s -B transform_tag.so CC=gcc >"$t/log" 2>&1
weir plugin probe ./transform_tag.so >>"$t/log" 2>&1
[ $? = 2 ] && grep -q "built for plugin ABI 9" "$t/log"
ok $? "a plugin of another ABI is refused, and why is said"
