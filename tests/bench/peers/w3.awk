# w3.awk - split at spaces and quotes instead of a pattern. Lines with an
# escape (\" or \\) are put right by a second look.
function text(s) {
	if (index(s, "\\"))
		gsub(/\\/, "\\\\\\\\", s)
	if (index(s, "\""))
		gsub(/"/, "\\\\\"", s)
	return s
}
BEGIN { FS = "\""; OFS = "" }
{
	split($1, a, " ")
	split($2, r, " ")
	split($3, s, " ")
	if (NF == 7 && !index($0, "\\")) {
		referrer = $4
		agent = $6
	} else {
		rest = substr($0, length($1) + length($2) + length($3) + 4)
		cut = index(rest, "\" \"")
		referrer = text(substr(rest, 1, cut - 1))
		agent = text(substr(rest, cut + 3, length(rest) - cut - 3))
	}
	print "{\"ip\":\"", a[1], "\",\"user\":\"", a[3], \
		"\",\"time\":\"", substr(a[4], 2), " ", substr(a[5], 1, length(a[5]) - 1), \
		"\",\"method\":\"", r[1], "\",\"path\":\"", r[2], \
		"\",\"status\":", s[1], ",\"bytes\":\"", s[2], \
		"\",\"referrer\":\"", referrer, "\",\"agent\":\"", agent, "\"}"
}
