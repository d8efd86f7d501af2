# tests/plugins/local.mk - plugins that only tests load, most of them wrong in
# one way. They lie in tests/plugins/.libs, WEIR_TEST_PLUGIN_PATH.

check_LTLIBRARIES += tests/plugins/transform_pass.la
tests_plugins_transform_pass_la_SOURCES = tests/plugins/transform_pass.c tests/plugins/shape.h
tests_plugins_transform_pass_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
tests_plugins_transform_pass_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)
tests_plugins_transform_pass_la_LIBADD =

check_LTLIBRARIES += tests/plugins/several.la
tests_plugins_several_la_SOURCES = tests/plugins/several.c tests/plugins/shape.h
tests_plugins_several_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
tests_plugins_several_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)
tests_plugins_several_la_LIBADD =

check_LTLIBRARIES += tests/plugins/other_abi.la
tests_plugins_other_abi_la_SOURCES = tests/plugins/other_abi.c tests/plugins/shape.h
tests_plugins_other_abi_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
tests_plugins_other_abi_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)
tests_plugins_other_abi_la_LIBADD =

check_LTLIBRARIES += tests/plugins/other_layout.la
tests_plugins_other_layout_la_SOURCES = tests/plugins/other_layout.c tests/plugins/shape.h
tests_plugins_other_layout_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
tests_plugins_other_layout_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)
tests_plugins_other_layout_la_LIBADD =

check_LTLIBRARIES += tests/plugins/no_note.la
tests_plugins_no_note_la_SOURCES = tests/plugins/no_note.c tests/plugins/shape.h
tests_plugins_no_note_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
tests_plugins_no_note_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)
tests_plugins_no_note_la_LIBADD =

# Its missing symbol has to get past the linker.
check_LTLIBRARIES += tests/plugins/undefined.la
tests_plugins_undefined_la_SOURCES = tests/plugins/undefined.c tests/plugins/shape.h
tests_plugins_undefined_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
tests_plugins_undefined_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -shared -Wl,-z,now -rpath /nowhere
tests_plugins_undefined_la_LIBADD =

# Some compilers ask for -z now by themselves.
check_LTLIBRARIES += tests/plugins/lazy.la
tests_plugins_lazy_la_SOURCES = tests/plugins/lazy.c tests/plugins/shape.h
tests_plugins_lazy_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
tests_plugins_lazy_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -shared -Wl,-z,lazy -rpath /nowhere
tests_plugins_lazy_la_LIBADD =

check_LTLIBRARIES += tests/plugins/crashes.la
tests_plugins_crashes_la_SOURCES = tests/plugins/crashes.c tests/plugins/shape.h
tests_plugins_crashes_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
tests_plugins_crashes_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)
tests_plugins_crashes_la_LIBADD =

check_LTLIBRARIES += tests/plugins/crashes_early.la
tests_plugins_crashes_early_la_SOURCES = tests/plugins/crashes_early.c tests/plugins/shape.h
tests_plugins_crashes_early_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
tests_plugins_crashes_early_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)
tests_plugins_crashes_early_la_LIBADD =

check_LTLIBRARIES += tests/plugins/wild.la
tests_plugins_wild_la_SOURCES = tests/plugins/wild.c tests/plugins/shape.h
tests_plugins_wild_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
tests_plugins_wild_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)
tests_plugins_wild_la_LIBADD =

check_LTLIBRARIES += tests/plugins/hangs.la
tests_plugins_hangs_la_SOURCES = tests/plugins/hangs.c tests/plugins/shape.h
tests_plugins_hangs_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
tests_plugins_hangs_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)
tests_plugins_hangs_la_LIBADD =

check_LTLIBRARIES += tests/plugins/exits.la
tests_plugins_exits_la_SOURCES = tests/plugins/exits.c tests/plugins/shape.h
tests_plugins_exits_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
tests_plugins_exits_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)
tests_plugins_exits_la_LIBADD =

# There is nothing that a pattern of names could match.
check_LTLIBRARIES += tests/plugins/exports_nothing.la
tests_plugins_exports_nothing_la_SOURCES = tests/plugins/exports_nothing.c tests/plugins/shape.h
tests_plugins_exports_nothing_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
tests_plugins_exports_nothing_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -shared -Wl,-z,now -rpath /nowhere
tests_plugins_exports_nothing_la_LIBADD =

check_LTLIBRARIES += tests/plugins/bad_table.la
tests_plugins_bad_table_la_SOURCES = tests/plugins/bad_table.c tests/plugins/shape.h
tests_plugins_bad_table_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
tests_plugins_bad_table_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)
tests_plugins_bad_table_la_LIBADD =

check_LTLIBRARIES += tests/plugins/chatty.la
tests_plugins_chatty_la_SOURCES = tests/plugins/chatty.c tests/plugins/shape.h
tests_plugins_chatty_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
tests_plugins_chatty_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)
tests_plugins_chatty_la_LIBADD =

check_LTLIBRARIES += tests/plugins/wrong_kind.la
tests_plugins_wrong_kind_la_SOURCES = tests/plugins/wrong_kind.c tests/plugins/shape.h
tests_plugins_wrong_kind_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
tests_plugins_wrong_kind_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)
tests_plugins_wrong_kind_la_LIBADD =

check_LTLIBRARIES += tests/plugins/endless.la
tests_plugins_endless_la_SOURCES = tests/plugins/endless.c tests/plugins/shape.h
tests_plugins_endless_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
tests_plugins_endless_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)
tests_plugins_endless_la_LIBADD =

# Not wrong: targets that refuse, or that are down for a while.
check_LTLIBRARIES += tests/plugins/output_picky.la
tests_plugins_output_picky_la_SOURCES = tests/plugins/output_picky.c tests/plugins/sink.h
tests_plugins_output_picky_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
tests_plugins_output_picky_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)
tests_plugins_output_picky_la_LIBADD =

check_LTLIBRARIES += tests/plugins/output_flaky.la
tests_plugins_output_flaky_la_SOURCES = tests/plugins/output_flaky.c tests/plugins/sink.h
tests_plugins_output_flaky_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
tests_plugins_output_flaky_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)
tests_plugins_output_flaky_la_LIBADD =
