#!/bin/sh
# tour.sh - the list of files in runtime/README.md, from the files' first lines.
#
#	build-aux/tour.sh           prints the list
#	build-aux/tour.sh --write   puts it into runtime/README.md
#	build-aux/tour.sh --check   exits with 1 when the README's is another
cd "$(dirname "$0")/.." || exit 1

rooms='base:the ground: errors, memory, texts, threads, the world
data:what flows: values, records, batches, names; framing and formats
metrics:what is counted
expr:the expressions of configs
config:from a file to a tree
plugin:from a .so to a living instance
graph:what leads where
flow:what runs
control:the life of a pipeline
cli:the door'

sentence() {
	# the head comment up to its first full stop, blank line or end
	awk 'NR == 1 { sub(/^\/\* *[a-z_0-9.]* - /, "") }
		NR > 1 { sub(/^ \* ?/, "") }
		{ end = sub(/ *\*\/.*/, "") }
		NR > 1 && $0 == "" { exit }
		{ text = text (NR > 1 ? " " : "") $0 }
		end { exit }
		END {
			if (match(text, /\.( |$)/))
				text = substr(text, 1, RSTART - 1)
			print text
		}' "$1"
}

list() {
	echo "$rooms" | while IFS=: read -r room what rest; do
		echo "### $room/ - $what${rest:+:$rest}"
		echo
		for c in runtime/"$room"/*.c runtime/"$room"/*.h; do
			test -e "$c" || continue
			stem=${c%.?}
			# a header is listed only where it has no .c
			test "$c" = "$stem.h" && test -e "$stem.c" && continue
			file=$c
			test -e "$stem.h" && file=$stem.h
			echo "- \`${c##*/}\` $(sentence "$file")"
		done | sort
		echo
	done
}

case $1 in
--write)
	{
		sed '/^<!-- files -->$/q' runtime/README.md
		echo
		list
		sed -n '/^<!-- end -->$/,$p' runtime/README.md
	} >runtime/README.new && mv runtime/README.new runtime/README.md ;;
--check)
	list >"${TMPDIR:-/tmp}/weir-tour.$$"
	sed '1,/^<!-- files -->$/d; /^<!-- end -->$/,$d' runtime/README.md |
		sed 1d | cmp -s - "${TMPDIR:-/tmp}/weir-tour.$$"
	same=$?
	rm -f "${TMPDIR:-/tmp}/weir-tour.$$"
	exit $same ;;
*)
	list ;;
esac
