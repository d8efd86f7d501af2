# w2.awk - text surgery instead of a JSON parser: right only because the
# members always come in the same order. -v least=400 or 0.
BEGIN { FS = "\"status\":" }
$2 + 0 >= least {
	agent = index($0, "\",\"agent\":\"")
	match($0, /,"id":[0-9]+}$/)
	print substr($0, 1, agent), substr($0, RSTART, RLENGTH - 1), ",\"src\":\"bench\"}"
}
BEGIN { OFS = "" }
