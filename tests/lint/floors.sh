# floors.sh - who may include whom. A room of runtime/ includes itself and lower
# floors, never sideways; the SDK and the plugins know <weir/...> alone.
cd "$WEIR_SRCDIR" || exit 1
echo 1..4

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

includes=$(grep -rnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*["<]' \
	--include='*.[ch]' --include='*.cc' --include='*.cpp' runtime plugins sdk |
	sed -E 's/#[[:space:]]*include[[:space:]]*/ /')

report "a room includes itself and lower rooms only" "$(
	printf '%s\n' "$includes" | awk '
	BEGIN {
		split("base data metrics expr config plugin graph flow control cli", r)
		split("0 1 1 2 2 3 4 5 6 7", f)
		for (i in r)
			floor[r[i]] = f[i]
	}
	/^runtime\// && match($0, /"[^"]*"/) {
		what = substr($0, RSTART + 1, RLENGTH - 2)
		split($0, from, "/")
		if (!(from[2] in floor)) {
			print $0 ": a room that has no floor in tests/lint/floors.sh"
			next
		}
		if (what ~ /\.\./ || split(what, to, "/") != 2)
			print $0 ": write \"room/file.h\""
		else if (!(to[1] in floor))
			print $0 ": no such room"
		else if (to[1] != from[2] && floor[to[1]] >= floor[from[2]])
			print $0 ": " from[2] "/ may not include " to[1] "/"
	}')"

report "a library is known to one room only" "$(
	printf '%s\n' "$includes" | awk '
	BEGIN { only["libconfig.h"] = "config"; only["ltdl.h"] = "plugin" }
	/^runtime\// && match($0, /<[^>]*>/) {
		what = substr($0, RSTART + 1, RLENGTH - 2)
		split($0, from, "/")
		if (what ~ /^hiredis/)
			print $0 ": hiredis belongs to store/ alone"
		else if (what in only && only[what] != from[2])
			print $0 ": " what " belongs to " only[what] "/ alone"
	}')"

report "a plugin includes <weir/...>, its own files and libraries" "$(
	printf '%s\n' "$includes" | while IFS= read -r line; do
		case $line in
		plugins/*'"../'*'"'*) # what two built-in plugins share
			file=${line#*\"../}
			test -e "plugins/${file%%\"*}" ||
				echo "$line: no such file in plugins/" ;;
		plugins/*'"'*/*'"'*) echo "$line: not a file of its own folder" ;;
		plugins/*'"'*'"'*)
			file=${line%%:*} what=${line#*\"}
			test -f "${file%/*}/${what%%\"*}" ||
				echo "$line: not a file of its own folder"
			;;
		plugins/*'<'*'>'*)
			what=${line#*<}
			what=${what%%>*}
			test -f "runtime/$what" && echo "$line: a file of the runtime"
			;;
		esac
	done)"

report "the contract includes <weir/...> and the language's headers" "$(
	printf '%s\n' "$includes" | awk '
	/^sdk\/include\// && !/ <(weir\/[a-z_\/]+|std[a-z]+)\.h>/ {
		print $0 ": not for a header that strangers include"
	}')"
