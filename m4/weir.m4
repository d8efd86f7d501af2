# weir.m4 - checks that name the Debian package of what is missing.

# WEIR_PKG(VARIABLE, MODULES, DEBIAN PACKAGE)
# Finds MODULES with pkg-config; sets VARIABLE_CFLAGS and VARIABLE_LIBS.
AC_DEFUN([WEIR_PKG],
[PKG_CHECK_MODULES([$1], [$2], [],
	[WEIR_MISSING([$2], [$3])])])

# WEIR_MISSING(WHAT, DEBIAN PACKAGE)
AC_DEFUN([WEIR_MISSING],
[AC_MSG_ERROR([$1 not found. On Debian: apt-get install $2])])
