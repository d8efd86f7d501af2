# sdk/local.mk - what plugin authors get: the headers, weir-plugin.pc, the
# template and the example configs.
abilitydir = $(includedir)/weir/ability
servicedir = $(includedir)/weir/service
draftdir = $(includedir)/weir/draft
pkginclude_HEADERS = $(wildcard $(srcdir)/sdk/include/weir/*.h)
ability_HEADERS = $(wildcard $(srcdir)/sdk/include/weir/ability/*.h)
service_HEADERS = $(wildcard $(srcdir)/sdk/include/weir/service/*.h)
draft_HEADERS = $(wildcard $(srcdir)/sdk/include/weir/draft/*.h)

pkgconfigdir = $(libdir)/pkgconfig
pkgconfig_DATA = sdk/weir-plugin.pc

# Whole folders, so that a new file needs no line here.
install-data-local:
	@for dir in sdk/template configs; do \
		test -d "$(srcdir)/$$dir" || continue; \
		to="$(DESTDIR)$(pkgdatadir)/$$(basename $$dir)"; \
		(cd "$(srcdir)/$$dir" && find . -type f ! -name '*~' \
			! -name local.mk) | while IFS= read -r f; do \
			$(MKDIR_P) "$$to/$$(dirname "$$f")" || exit 1; \
			mode=644; \
			test -x "$(srcdir)/$$dir/$$f" && mode=755; \
			$(INSTALL) -m $$mode "$(srcdir)/$$dir/$$f" "$$to/$$f" || \
				exit 1; \
		done || exit 1; \
	done

uninstall-local:
	rm -rf "$(DESTDIR)$(pkgdatadir)/template" \
		"$(DESTDIR)$(pkgdatadir)/configs"
