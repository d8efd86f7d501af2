# heads.sh - the first line of a source says its name and its one job.
cd "$WEIR_SRCDIR" || exit 1
echo 1..1
bad=$(find runtime plugins sdk tests/stand-in -name '*.[ch]' -exec awk '
	FNR == 1 {
		n = split(FILENAME, part, "/")
		head = "/* " part[n] " - "
		if (index($0, head) != 1)
			print FILENAME ":1: begin with: " head "..."
		nextfile
	}' {} +)
if test -z "$bad"; then
	echo "ok - every source opens by saying its job"
else
	echo "not ok - every source opens by saying its job"
	printf '%s\n' "$bad" | sed 's/^/# /'
fi
