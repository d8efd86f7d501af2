# sizes.sh - files of at most 700 lines, lines of at most 100 columns (tabs of
# 8), and no path that leads out of the tree.
cd "$WEIR_SRCDIR" || exit 1
echo 1..3

# report TITLE OFFENDERS - one TAP point
report()
{
	if test -z "$2"; then
		echo "ok - $1"
	else
		echo "not ok - $1"
		printf '%s\n' "$2" | sed 's/^/# /'
	fi
}

sources=$(find runtime plugins sdk tests -name '*.[ch]')

report "no source is longer than 700 lines" "$(
	awk 'FNR == 701 { print FILENAME ": longer than 700 lines"; nextfile }' \
		$sources)"

# Few files can have such a line; only those are looked at by column, where a
# character of UTF-8 is one.
report "no line is wider than 100 columns" "$(
	awk '{ t = gsub(/\t/, "&") }
		length($0) + 7 * t > 100 { print FILENAME; nextfile }' $sources |
	while IFS= read -r f; do
		expand -t 8 "$f" | tr -d '\200-\277' |
		LC_ALL=C awk -v f="$f" '
		length($0) > 100 { print f ":" FNR ": " length($0) " columns" }'
	done)"

# In two parts, so that this line does not find itself.
outside='shared''/(design|research|data|hooks)|/work''/'
report "nothing refers to what is outside of this tree" "$(
	grep -rnIE "$outside" --exclude-dir=build --exclude-dir='build-*san' --exclude-dir=.git \
		--exclude-dir=autom4te.cache --exclude='*.log' --exclude='config.*' \
		--exclude=Makefile --exclude=libtool . | head -n 20)"
