#!/bin/sh
# dist-files.sh - names the files that belong into the tarball, one a line.
# In a checkout git knows them; in an unpacked tarball it is all files but
# those that a build leaves behind.
cd "${1:-.}" || exit 1
if test -e .git && git ls-files -co --exclude-standard 2>/dev/null; then
	exit 0
fi
find . \( -name .deps -o -name .libs -o -name autom4te.cache -o \
	-name build -o -name 'build-a*' -a ! -name build-aux -o \
	-name build-tsan -o -name '__pycache__' -o -name 'weir-[0-9]*' \) \
	-prune -o -type f ! -name '*.o' ! -name '*.lo' ! -name '*.la' \
	! -name '*.trs' ! -name .dirstamp ! -name '*~' ! -name Makefile \
	! -name 'config.*' ! -name libtool -print | sed 's,^\./,,'
