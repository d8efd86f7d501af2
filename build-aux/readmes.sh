#!/bin/bash
# readmes.sh - the parameters in plugins/*/README.md, from the plugins' tables.
#
#	build-aux/readmes.sh --write   puts them between the markers
#	build-aux/readmes.sh --check   exits with 1 when one is stale or missing
#
# WEIR and WEIR_PLUGIN_PATH say which build to ask.
cd "$(dirname "$0")/.." || exit 1
WEIR=${WEIR:-build/weir}
stale=0

# From the first heading of parameters to the next part that prose owns.
tables() { # tables KIND/NAME
	"$WEIR" plugin show "$1" --markdown |
		awk '/^## (Parameters|Every )/ { on = 1 }
			/^## (Ports|Example)/ { on = 0 }
			on { print }'
}

for dir in plugins/*_*/; do
	folder=$(basename "$dir")
	name=${folder%%_*}/${folder#*_}
	readme=$dir/README.md
	table=$(tables "$name") || { echo "$name: cannot be shown"; exit 1; }
	if [ ! -e "$readme" ]; then
		[ "$1" = --write ] || { echo "$readme: missing"; stale=1; continue; }
		"$WEIR" plugin show "$name" --markdown |
			awk '/^## (Parameters|Every )/ { exit } { print }' >"$readme"
		printf '<!-- parameters -->\n<!-- end -->\n' >>"$readme"
		"$WEIR" plugin show "$name" --markdown |
			awk '/^## Example/ { on = 1; print "" } on' >>"$readme"
	fi
	grep -q '<!-- parameters -->' "$readme" || {
		echo "$readme: no marker"; stale=1; continue; }
	new=$(TABLE=$table awk '
		/<!-- parameters -->/ { print; print ""; print ENVIRON["TABLE"]; print ""; skip = 1 }
		/<!-- end -->/ { skip = 0 }
		!skip && !/<!-- parameters -->/ { print }' "$readme")
	[ "$new" = "$(cat "$readme")" ] && continue
	if [ "$1" = --write ]; then
		printf '%s\n' "$new" >"$readme"
	else
		echo "$readme: stale"
		stale=1
	fi
done
exit $stale
