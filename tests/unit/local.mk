# tests/unit/local.mk - the unit tests, room by room, as in runtime/.
include $(top_srcdir)/tests/unit/base/local.mk
include $(top_srcdir)/tests/unit/data/local.mk
include $(top_srcdir)/tests/unit/metrics/local.mk
include $(top_srcdir)/tests/unit/expr/local.mk
include $(top_srcdir)/tests/unit/config/local.mk
include $(top_srcdir)/tests/unit/plugin/local.mk
include $(top_srcdir)/tests/unit/graph/local.mk
include $(top_srcdir)/tests/unit/flow/local.mk
include $(top_srcdir)/tests/unit/control/local.mk
include $(top_srcdir)/tests/unit/cli/local.mk
include $(top_srcdir)/tests/unit/plugins/local.mk
