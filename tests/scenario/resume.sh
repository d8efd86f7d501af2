# resume.sh - data_dir: after a stop or a crash nothing is missing.
. "$(dirname "$0")/lib.sh" || exit 1
n=$((60000 / scale))

config <<END
data_dir = "$dir/state";
memory = "4MiB";
inputs: { log: { plugin = "file"; path = "$dir/in*.log"; poll = "20ms"; }; };
outputs: { out: { plugin = "file"; from = "log"; path = "$dir/out"; encode = "raw"; }; };
END

positions=$dir/state/scenario.positions

numbers 1 $n >in.log
start
within lines out $n
point "a stopped run ends with 0" exits 0 stop
numbers $((n + 1)) $((n + 100)) >>in.log
start
within holds out $((n + 100))
stop
point "it goes on where it stopped: nothing is missing or doubled" \
	each_once out 1 $((n + 100))

# Killed at any moment: while it reads, writes, or saves its positions.
rm -rf out state
: >in.log
written=0
survived=1
for round in 1 2 3 4 5; do
	numbers $((written + 1)) $((written + n)) >>in.log
	written=$((written + n))
	start
	within holds out $((written - n + n * round / 6))
	kill -9 $weir_pid || survived=0
	ended
done
point "it was killed five times" test $survived -eq 1
start
within sh -c "tail -n 1 out | grep -qx 'line $written'"
stop
# A line that was cut by the kill is written again as a whole, behind its stump.
python "after kill -9 every line is there at least once" out $written <<'END'
import sys
there = set(open(sys.argv[1]).read().split("\n"))
missing = [i for i in range(1, int(sys.argv[2]) + 1) if f"line {i}" not in there]
assert not missing, f"{len(missing)} missing, from {missing[0]} to {missing[-1]}"
END

# Bounded files too.
rm -rf out state
config <<END
data_dir = "$dir/state";
lanes = 2;
inputs: { log: { plugin = "file"; path = "$dir/in.log"; at_end = "stop"; }; };
outputs: { out: { plugin = "file"; from = "log"; path = "$dir/out"; encode = "raw"; }; };
END
run
run
point "a file that was read to its end is not read again" \
	each_once out 1 $written

cp "$positions" good
damage()
{
	point "$1: refused with 2" exits 2 run
	point "$1: ... told which file, and what to do" \
		said "$positions: damaged.*remove it"
}
sed 's/end ./end x/' good >"$positions"
damage "positions with another checksum"
head -c 40 good >"$positions"
damage "positions that are cut"
: >"$positions"
damage "positions that are empty"
python3 -c 'import sys
b = bytearray(open("good", "rb").read()); b[len(b) // 2] ^= 1
open(sys.argv[1], "wb").write(b)' "$positions"
damage "positions with a flipped bit"
cp good "$positions"
point "the good ones are still taken" exits 0 run
mkdir -p other
: >plain
config <<END
data_dir = "$dir/plain";
inputs: { log: { plugin = "file"; path = "$dir/in.log"; at_end = "stop"; }; };
outputs: { out: { plugin = "file"; from = "log"; path = "$dir/other/out"; }; };
END
point "a data_dir that is a file is refused with 2" exits 2 run
point "... and no output was made" test ! -e other/out
finish
