# The expressions of configs.
libweir_la_SOURCES += \
	runtime/expr/arith.c runtime/expr/arith.h \
	runtime/expr/check.c \
	runtime/expr/compare.c \
	runtime/expr/eval.c runtime/expr/eval.h \
	runtime/expr/expr.c runtime/expr/expr.h \
	runtime/expr/func.c runtime/expr/func.h \
	runtime/expr/func_number.c \
	runtime/expr/func_other.c \
	runtime/expr/func_text.c \
	runtime/expr/func_time.c \
	runtime/expr/lex.c runtime/expr/lex.h \
	runtime/expr/node.h \
	runtime/expr/parse.c \
	runtime/expr/regex.c runtime/expr/regex.h
libweir_la_LIBADD += $(PCRE2_LIBS)
