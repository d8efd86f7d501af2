# plugins/local.mk - the built-in plugins, one block each:
#	plugins_LTLIBRARIES += plugins/transform_filter.la
#	plugins_transform_filter_la_SOURCES = plugins/transform_filter/filter.c
#	plugins_transform_filter_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
#	plugins_transform_filter_la_LDFLAGS = $(PLUGIN_LDFLAGS)
# and, where it uses a library:
#	plugins_transform_parse_regex_la_CPPFLAGS = $(PLUGIN_CPPFLAGS) $(PCRE2_CFLAGS)
#	plugins_transform_parse_regex_la_LIBADD = $(PCRE2_LIBS)
# A build leaves the modules in plugins/.libs.

plugins_LTLIBRARIES += plugins/input_file.la
plugins_input_file_la_SOURCES = \
	plugins/input_file/file.c plugins/input_file/file.h \
	plugins/input_file/follow.c plugins/input_file/identity.c \
	plugins/input_file/identity.h plugins/input_file/once.c \
	plugins/input_file/restore.c plugins/input_file/source.c \
	plugins/input_file/unpack.c plugins/input_file/unpack.h \
	plugins/input_file/watch.c plugins/input_stdin/feed.c \
	plugins/input_stdin/feed.h
plugins_input_file_la_CPPFLAGS = $(PLUGIN_CPPFLAGS) $(ZLIB_CFLAGS) $(ZSTD_CFLAGS)
plugins_input_file_la_LDFLAGS = $(PLUGIN_LDFLAGS)
plugins_input_file_la_LIBADD = $(ZLIB_LIBS) $(ZSTD_LIBS)

plugins_LTLIBRARIES += plugins/input_stdin.la
plugins_input_stdin_la_SOURCES = \
	plugins/input_stdin/stdin.c plugins/input_stdin/feed.c \
	plugins/input_stdin/feed.h
plugins_input_stdin_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
plugins_input_stdin_la_LDFLAGS = $(PLUGIN_LDFLAGS)

plugins_LTLIBRARIES += plugins/input_generate.la
plugins_input_generate_la_SOURCES = \
	plugins/input_generate/generate.c plugins/input_generate/series.c \
	plugins/input_generate/series.h
plugins_input_generate_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
plugins_input_generate_la_LDFLAGS = $(PLUGIN_LDFLAGS)
plugins_input_generate_la_LIBADD = -lm

plugins_LTLIBRARIES += plugins/input_tcp.la
plugins_input_tcp_la_SOURCES = \
	plugins/input_tcp/tcp.c plugins/input_tcp/stream.c \
	plugins/input_tcp/stream.h plugins/input_tcp/conn.c \
	plugins/input_tcp/conn.h plugins/input_stdin/feed.c \
	plugins/input_stdin/feed.h
plugins_input_tcp_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
plugins_input_tcp_la_LDFLAGS = $(PLUGIN_LDFLAGS)

plugins_LTLIBRARIES += plugins/input_unix.la
plugins_input_unix_la_SOURCES = \
	plugins/input_unix/unix.c plugins/input_tcp/stream.c \
	plugins/input_tcp/stream.h plugins/input_tcp/conn.c \
	plugins/input_tcp/conn.h plugins/input_stdin/feed.c \
	plugins/input_stdin/feed.h
plugins_input_unix_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
plugins_input_unix_la_LDFLAGS = $(PLUGIN_LDFLAGS)

plugins_LTLIBRARIES += plugins/output_file.la
plugins_output_file_la_SOURCES = \
	plugins/output_file/file.c plugins/output_file/name.c \
	plugins/output_file/name.h plugins/output_file/pack.c \
	plugins/output_file/pack.h plugins/output_file/target.c \
	plugins/output_file/target.h
plugins_output_file_la_CPPFLAGS = $(PLUGIN_CPPFLAGS) $(ZLIB_CFLAGS) $(ZSTD_CFLAGS)
plugins_output_file_la_LDFLAGS = $(PLUGIN_LDFLAGS)
plugins_output_file_la_LIBADD = $(ZLIB_LIBS) $(ZSTD_LIBS)

plugins_LTLIBRARIES += plugins/output_stdout.la
plugins_output_stdout_la_SOURCES = \
	plugins/output_stdout/stdout.c plugins/output_stdout/fdsend.c \
	plugins/output_stdout/fdsend.h
plugins_output_stdout_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
plugins_output_stdout_la_LDFLAGS = $(PLUGIN_LDFLAGS)

plugins_LTLIBRARIES += plugins/output_null.la
plugins_output_null_la_SOURCES = \
	plugins/output_null/null.c
plugins_output_null_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
plugins_output_null_la_LDFLAGS = $(PLUGIN_LDFLAGS)

plugins_LTLIBRARIES += plugins/output_tcp.la
plugins_output_tcp_la_SOURCES = \
	plugins/output_tcp/tcp.c plugins/output_stdout/fdsend.c \
	plugins/output_stdout/fdsend.h
plugins_output_tcp_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
plugins_output_tcp_la_LDFLAGS = $(PLUGIN_LDFLAGS)

plugins_LTLIBRARIES += plugins/transform_count.la
plugins_transform_count_la_SOURCES = plugins/transform_count/count.c
plugins_transform_count_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
plugins_transform_count_la_LDFLAGS = $(PLUGIN_LDFLAGS)

plugins_LTLIBRARIES += plugins/transform_filter.la
plugins_transform_filter_la_SOURCES = plugins/transform_filter/filter.c
plugins_transform_filter_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
plugins_transform_filter_la_LDFLAGS = $(PLUGIN_LDFLAGS)

plugins_LTLIBRARIES += plugins/transform_parse_json.la
plugins_transform_parse_json_la_SOURCES = plugins/transform_parse_json/parse_json.c
plugins_transform_parse_json_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
plugins_transform_parse_json_la_LDFLAGS = $(PLUGIN_LDFLAGS)

plugins_LTLIBRARIES += plugins/transform_route.la
plugins_transform_route_la_SOURCES = plugins/transform_route/route.c
plugins_transform_route_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
plugins_transform_route_la_LDFLAGS = $(PLUGIN_LDFLAGS)

plugins_LTLIBRARIES += plugins/transform_set.la
plugins_transform_set_la_SOURCES = plugins/transform_set/set.c
plugins_transform_set_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
plugins_transform_set_la_LDFLAGS = $(PLUGIN_LDFLAGS)

plugins_LTLIBRARIES += plugins/transform_parse_regex.la
plugins_transform_parse_regex_la_SOURCES = \
	plugins/transform_parse_regex/parse_regex.c
plugins_transform_parse_regex_la_CPPFLAGS = $(PLUGIN_CPPFLAGS) $(PCRE2_CFLAGS)
plugins_transform_parse_regex_la_LDFLAGS = $(PLUGIN_LDFLAGS)
plugins_transform_parse_regex_la_LIBADD = $(PCRE2_LIBS)

plugins_LTLIBRARIES += plugins/transform_parse_csv.la
plugins_transform_parse_csv_la_SOURCES = plugins/transform_parse_csv/parse_csv.c
plugins_transform_parse_csv_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
plugins_transform_parse_csv_la_LDFLAGS = $(PLUGIN_LDFLAGS)

plugins_LTLIBRARIES += plugins/transform_parse_logfmt.la
plugins_transform_parse_logfmt_la_SOURCES = plugins/transform_parse_logfmt/parse_logfmt.c
plugins_transform_parse_logfmt_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
plugins_transform_parse_logfmt_la_LDFLAGS = $(PLUGIN_LDFLAGS)

plugins_LTLIBRARIES += plugins/transform_sample.la
plugins_transform_sample_la_SOURCES = plugins/transform_sample/sample.c
plugins_transform_sample_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
plugins_transform_sample_la_LDFLAGS = $(PLUGIN_LDFLAGS)

plugins_LTLIBRARIES += plugins/transform_split.la
plugins_transform_split_la_SOURCES = plugins/transform_split/split.c
plugins_transform_split_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
plugins_transform_split_la_LDFLAGS = $(PLUGIN_LDFLAGS)

plugins_LTLIBRARIES += plugins/transform_parse_syslog.la
plugins_transform_parse_syslog_la_SOURCES = \
	plugins/transform_parse_syslog/parse_syslog.c \
	plugins/transform_parse_syslog/syslog.c \
	plugins/transform_parse_syslog/syslog.h
plugins_transform_parse_syslog_la_CPPFLAGS = $(PLUGIN_CPPFLAGS)
plugins_transform_parse_syslog_la_LDFLAGS = $(PLUGIN_LDFLAGS)
