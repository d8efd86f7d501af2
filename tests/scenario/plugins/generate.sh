# generate.sh - generated records are those of the written formulas.
. "${0%/*}/lib.sh"
cd "$dir" || exit 1

config <<END
inputs: { g: { plugin = "generate"; seed = 42; count = 20000; keys = 50; skew = 1.5; as = "json";
	duplicates = 0.4; duplicate_window = 20; out_of_order = 0.5; out_of_order_by = "1s";
	late = 0.3; late_by = "1h"; poison = 0.1; payload = 30; }; };
outputs: { out: { plugin = "file"; from = "g"; path = "$dir/out"; encode = "raw"; }; };
END
point "the pipeline ends after count records" run
point "... which are all there" lines out 20000
cat >oracle.py <<'END'
M, G = 2**64 - 1, 0x9e3779b97f4a7c15
START = 1704067200 * 10**9

def mix(z):
    z = ((z ^ z >> 30) * 0xbf58476d1ce4e5b9) & M
    z = ((z ^ z >> 27) * 0x94d049bb133111eb) & M
    return z ^ z >> 31

base = mix(42 + G & M)

def bits(i, k):
    return mix(base + (16 * i + k + 1) * G & M)

def share(i, k):
    return (bits(i, k) >> 11) * 2.0**-53

sums, total = [], 0.0
for j in range(50):
    total += (j + 1) ** -1.5
    sums.append(total)

def text(i):
    o = i
    while o and share(o, 0) < 0.4:
        o -= 1 + bits(o, 1) % min(o, 20)
    x = share(o, 2) * sums[-1]
    key = next(j for j in range(50) if x < sums[j] or j == 49)
    t = START + o * 10**6
    if share(o, 5) < 0.5:
        t -= bits(o, 6) % (10**9 + 1)
    if share(o, 7) < 0.3:
        t -= 3600 * 10**9
    import time
    at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(t // 10**9))
    filler = "".join(chr(97 + (o + j) % 26) for j in range(30))
    s = ('{"id":%d,"n":%d,"key":"k%d","user":"u%d","value":%d,"time":"%s.%09dZ","payload":"%s"}'
         % (o, i, key, bits(o, 4) % 100000, bits(o, 3) % 1000000, at, t % 10**9, filler))
    if share(o, 8) < 0.1:
        s = s[:1 + bits(o, 9) % (len(s) - 1)]
    return s

for i in range(20000):
    print(text(i))
END
python3 oracle.py >wanted
sort out >got
sort -o wanted wanted
point "... each as the formulas say" cmp got wanted
finish
