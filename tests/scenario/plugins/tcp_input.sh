# tcp_input.sh - peers of input_tcp and input_unix, well and badly behaved.
. "${0%/*}/lib.sh"
here=$(cd "${0%/*}" && pwd)
cd "$dir" || exit 1
port=$((20000 + $$ % 20000))

pipeline()
{
	rm -f out errors
	config <<END
memory = "8MiB";
inputs: { net: { $1 idle_timeout = "${2:-30s}"; ${3:-} }; };
outputs: {
	out: { plugin = "file"; from = "net"; path = "$dir/out"; encode = "raw"; };
	errors: { plugin = "file"; from = "net.errors"; path = "$dir/errors"; encode = "json"; };
};
END
	start
}

for kind in "tcp $port" "unix $dir/sock"; do
	set -- $kind
	case $1 in
	tcp) plugin="plugin = \"tcp\"; listen = \"127.0.0.1:$port\";" ;;
	unix) plugin="plugin = \"unix\"; path = \"$dir/sock\";" ;;
	esac
	peer() { python3 "$here/connections.py" $kind "$1"; }

	pipeline "$plugin"
	point "$1: 200 connections are served" peer many
	within 20 lines out 100000
	point "$1: ... and each line arrives once" each_once out 1 100000
	stop

	pipeline "$plugin" 30s "max_connections = 200;"
	point "$1: one that sends much is taken at its speed" peer fast
	within 20 lines out 500000
	point "$1: ... and nothing is lost" each_once out 1 500000
	rm out
	stop

	pipeline "$plugin" 1s
	peer slow
	peer unfinished
	point "$1: a silent peer is disconnected" peer silent
	within 10 lines out 3
	point "$1: slow lines and unfinished ones are records" \
		cmp <(sort out) <(printf '%s\n' 'a slow line' whole \
			'without its end' | sort)
	within 10 lines errors 1
	point "$1: half a line of a silent one is refused" \
		grep -q "silent for idle_timeout inside a record" errors
	stop
done

kind="tcp $port"
pipeline "plugin = \"tcp\"; listen = \"127.0.0.1:$port\";"
peer reset
within 10 lines errors 1
point "tcp: what a reset has torn is refused" \
	grep -q "reset by the peer inside a record, 4 bytes into it" errors
point "tcp: what came before it is a record" grep -qx "before the reset" out
stop
point "a socket file is removed at the end" test ! -e sock
: >log
pipeline "plugin = \"tcp\"; listen = \"nonsense\";"
wait $weir_pid
weir_pid=
point "an address that is none is refused" said 'listen "nonsense": write an'
finish
