/* check.c - counts and sums up records, so that two outputs can be compared.
 *
 *	check json|lines FILE
 *
 * prints "COUNT STRICT LOOSE BAD". STRICT and LOOSE are sums of a hash per
 * record, so the order of the records does not matter; a record's hash is a
 * sum over its members, so their order does not matter either. A string is
 * hashed as the text that it means (escapes undone), a number as its value.
 * In LOOSE a string that reads as a JSON number is that number. BAD counts
 * the lines that are no JSON object; one of them makes the output wrong.
 * "lines" hashes every line as it is.
 *
 * All records are read. Big files are read by two processes, half each.
 */
#include <stdbool.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHECK_DEPTH 32
#define CHECK_TEXT (1 << 20)
#define CHECK_SPLIT (8 << 20)

struct check_sum {
	uint64_t count, strict, loose, bad;
};

struct check_hash {
	uint64_t strict, loose;
};

struct check {
	const char *p, *end;
	bool failed;
	char text[CHECK_TEXT]; /* a string without its escapes */
	size_t len;
};

static uint64_t check_mix(uint64_t h)
{
	h = (h ^ (h >> 32)) * 0xd6e8feb86659fd93;
	h = (h ^ (h >> 32)) * 0xd6e8feb86659fd93;
	return h ^ (h >> 32);
}

static uint64_t check_bytes(uint64_t h, const char *p, size_t len)
{
	uint64_t word;

	h ^= len * 0x9e3779b97f4a7c15;
	for (; len >= 8; len -= 8, p += 8) {
		memcpy(&word, p, 8);
		h = (h ^ word) * 0x9fb21c651e98df25;
		h ^= h >> 35;
	}
	word = 0;
	memcpy(&word, p, len);
	return check_mix(h ^ word);
}

/* Length of the JSON number at p, 0 where there is none */
static size_t check_number_len(const char *p, const char *end, bool *whole_r)
{
	const char *start = p, *digits;

	*whole_r = true;
	if (p < end && *p == '-')
		p++;
	for (digits = p; p < end && *p >= '0' && *p <= '9'; p++)
		;
	if (p == digits || (*digits == '0' && p - digits > 1))
		return 0;
	if (p < end && *p == '.') {
		*whole_r = false;
		for (digits = ++p; p < end && *p >= '0' && *p <= '9'; p++)
			;
		if (p == digits)
			return 0;
	}
	if (p < end && (*p == 'e' || *p == 'E')) {
		*whole_r = false;
		p++;
		if (p < end && (*p == '+' || *p == '-'))
			p++;
		for (digits = p; p < end && *p >= '0' && *p <= '9'; p++)
			;
		if (p == digits)
			return 0;
	}
	return (size_t)(p - start);
}

/* 200, 200.0 and 2e2 are the same number. */
static uint64_t check_number(const char *p, size_t len, bool whole)
{
	char text[64];
	double d;

	if (!whole && len < sizeof(text)) {
		memcpy(text, p, len);
		text[len] = '\0';
		d = strtod(text, NULL);
		if (d == (double)(int64_t)d && d < 9e15 && d > -9e15)
			len = (size_t)snprintf(text, sizeof(text), "%lld",
					       (long long)d);
		else
			len = (size_t)snprintf(text, sizeof(text), "%.17g", d);
		return check_bytes(0x6e756d, text, len);
	}
	return check_bytes(0x6e756d, p, len);
}

static void check_space(struct check *c)
{
	while (c->p < c->end &&
	       (*c->p == ' ' || *c->p == '\t' || *c->p == '\r'))
		c->p++;
}

static bool check_char(struct check *c, char wanted)
{
	check_space(c);
	if (c->p >= c->end || *c->p != wanted)
		return false;
	c->p++;
	return true;
}

static unsigned int check_hex4(struct check *c)
{
	unsigned int v = 0;

	for (int i = 0; i < 4; i++) {
		char d = c->p < c->end ? *c->p++ : '?';

		if (d >= '0' && d <= '9')
			v = v * 16 + (unsigned int)(d - '0');
		else if ((d | 32) >= 'a' && (d | 32) <= 'f')
			v = v * 16 + (unsigned int)((d | 32) - 'a') + 10;
		else
			c->failed = true;
	}
	return v;
}

static void check_utf8(struct check *c, unsigned int u)
{
	char *t = c->text + c->len;

	if (u < 0x80) {
		*t++ = (char)u;
	} else if (u < 0x800) {
		*t++ = (char)(0xc0 | u >> 6);
		*t++ = (char)(0x80 | (u & 63));
	} else if (u < 0x10000) {
		*t++ = (char)(0xe0 | u >> 12);
		*t++ = (char)(0x80 | (u >> 6 & 63));
		*t++ = (char)(0x80 | (u & 63));
	} else {
		*t++ = (char)(0xf0 | u >> 18);
		*t++ = (char)(0x80 | (u >> 12 & 63));
		*t++ = (char)(0x80 | (u >> 6 & 63));
		*t++ = (char)(0x80 | (u & 63));
	}
	c->len = (size_t)(t - c->text);
}

static void check_escape(struct check *c)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	char e = c->p < c->end ? *c->p++ : '?';
	const char *at = strchr(from, e);
	unsigned int u;

	if (e == 'u') {
		u = check_hex4(c);
		if (u >= 0xd800 && u < 0xdc00 && c->end - c->p > 6 &&
		    c->p[0] == '\\' && c->p[1] == 'u') {
			c->p += 2;
			u = 0x10000 + ((u & 0x3ff) << 10) +
			    (check_hex4(c) & 0x3ff);
		}
		check_utf8(c, u);
	} else if (at && *at) {
		c->text[c->len++] = to[at - from];
	} else {
		c->failed = true;
	}
}

/* The string at p, as *text_r and c->len; p is behind its quote then. */
static void check_string(struct check *c, const char **text_r)
{
	const char *start = c->p;

	while (c->p < c->end && *c->p != '"' && *c->p != '\\' &&
	       (unsigned char)*c->p >= 32)
		c->p++;
	*text_r = start;
	c->len = (size_t)(c->p - start);
	if (c->p < c->end && *c->p == '"') {
		c->p++;
		return;
	}
	if (c->len > CHECK_TEXT / 2) {
		c->failed = true;
		return;
	}
	memcpy(c->text, start, c->len);
	*text_r = c->text;
	while (c->p < c->end && *c->p != '"' && c->len < CHECK_TEXT - 8) {
		if ((unsigned char)*c->p < 32)
			break;
		if (*c->p != '\\') {
			c->text[c->len++] = *c->p++;
			continue;
		}
		c->p++;
		check_escape(c);
	}
	if (c->p >= c->end || *c->p++ != '"')
		c->failed = true;
}

static struct check_hash check_value(struct check *c, int depth);

static struct check_hash check_object(struct check *c, int depth)
{
	struct check_hash sum = {0x6f626a, 0x6f626a}, value;
	const char *text;
	uint64_t name;

	if (check_char(c, '}'))
		return sum;
	do {
		if (!check_char(c, '"')) {
			c->failed = true;
			return sum;
		}
		check_string(c, &text);
		name = check_bytes(0x6b6579, text, c->len);
		if (c->failed || !check_char(c, ':')) {
			c->failed = true;
			return sum;
		}
		value = check_value(c, depth + 1);
		sum.strict += check_mix(name + value.strict * 3);
		sum.loose += check_mix(name + value.loose * 3);
	} while (!c->failed && check_char(c, ','));
	if (!check_char(c, '}'))
		c->failed = true;
	return sum;
}

static struct check_hash check_array(struct check *c, int depth)
{
	struct check_hash sum = {0x617272, 0x617272}, value;

	if (check_char(c, ']'))
		return sum;
	do {
		value = check_value(c, depth + 1);
		sum.strict = check_mix(sum.strict * 5 + value.strict);
		sum.loose = check_mix(sum.loose * 5 + value.loose);
	} while (!c->failed && check_char(c, ','));
	if (!check_char(c, ']'))
		c->failed = true;
	return sum;
}

static bool check_word(struct check *c, const char *word,
		       struct check_hash *h_r)
{
	size_t len = strlen(word);

	if ((size_t)(c->end - c->p) < len || memcmp(c->p, word, len) != 0)
		return false;
	c->p += len;
	h_r->strict = h_r->loose = check_bytes(0x776f7264, word, len);
	return true;
}

static struct check_hash check_scalar(struct check *c)
{
	struct check_hash h = {0, 0};
	const char *text;
	bool whole;
	size_t len;

	if (check_char(c, '"')) {
		check_string(c, &text);
		h.strict = h.loose = check_bytes(0x737472, text, c->len);
		len = check_number_len(text, text + c->len, &whole);
		if (len > 0 && len == c->len)
			h.loose = check_number(text, len, whole);
		return h;
	}
	len = check_number_len(c->p, c->end, &whole);
	if (len > 0) {
		h.strict = h.loose = check_number(c->p, len, whole);
		c->p += len;
	} else if (!check_word(c, "true", &h) && !check_word(c, "false", &h) &&
		   !check_word(c, "null", &h)) {
		c->failed = true;
	}
	return h;
}

static struct check_hash check_value(struct check *c, int depth)
{
	struct check_hash none = {0, 0};

	check_space(c);
	if (depth > CHECK_DEPTH) {
		c->failed = true;
		return none;
	}
	if (check_char(c, '{'))
		return check_object(c, depth);
	if (check_char(c, '['))
		return check_array(c, depth);
	return check_scalar(c);
}

static void check_line(struct check *c, struct check_sum *sum, bool json)
{
	struct check_hash h = {0, 0};

	sum->count++;
	if (!json) {
		h.strict = h.loose = check_bytes(1, c->p,
						 (size_t)(c->end - c->p));
	} else {
		c->failed = !check_char(c, '{');
		if (!c->failed)
			h = check_object(c, 0);
		check_space(c);
		if (c->failed || c->p != c->end)
			sum->bad++;
	}
	sum->strict += check_mix(h.strict);
	sum->loose += check_mix(h.loose);
}

/* A last line without its newline counts: the sum then differs by nothing,
 * but half a record is no JSON and another line. */
static void check_part(const char *p, const char *end, bool json,
		       struct check_sum *sum)
{
	static struct check c;

	while (p < end) {
		const char *nl = (const char *)memchr(p, '\n',
						      (size_t)(end - p));

		c.p = p;
		c.end = nl ? nl : end;
		p = c.end + 1;
		check_line(&c, sum, json);
	}
}

static void check_die(const char *what)
{
	perror(what);
	exit(2);
}

/* The first half in a child, the second here; *sum is the sum of both. */
static void check_both(const char *p, size_t len, bool json,
		       struct check_sum *sum)
{
	const char *middle = (const char *)memchr(p + len / 2, '\n',
						  len - len / 2);
	struct check_sum first = {0, 0, 0, 0};
	int fds[2], status;
	pid_t pid = -1;

	middle = middle ? middle + 1 : p + len;
	if (pipe(fds) < 0 || (pid = fork()) < 0)
		check_die("check: fork");
	if (pid == 0) {
		check_part(p, middle, json, &first);
		_exit(write(fds[1], &first, sizeof(first)) != sizeof(first));
	}
	close(fds[1]);
	check_part(middle, p + len, json, sum);
	if (read(fds[0], &first, sizeof(first)) != sizeof(first))
		check_die("check: first half");
	waitpid(pid, &status, 0);
	sum->count += first.count;
	sum->strict += first.strict;
	sum->loose += first.loose;
	sum->bad += first.bad;
}

int main(int argc, char **argv)
{
	struct check_sum sum = {0, 0, 0, 0};
	struct stat st;
	const char *p;
	bool json;
	int fd;

	if (argc != 3 ||
	    (strcmp(argv[1], "json") != 0 && strcmp(argv[1], "lines") != 0)) {
		fprintf(stderr, "usage: check json|lines FILE\n");
		return 2;
	}
	json = strcmp(argv[1], "json") == 0;
	fd = open(argv[2], O_RDONLY);
	if (fd < 0 || fstat(fd, &st) < 0)
		check_die(argv[2]);
	if (!S_ISREG(st.st_mode)) {
		fprintf(stderr, "check: %s: not a regular file\n", argv[2]);
		return 2;
	}
	if (st.st_size > 0) {
		p = (const char *)mmap(NULL, (size_t)st.st_size, PROT_READ,
				       MAP_SHARED, fd, 0);
		if (p == MAP_FAILED)
			check_die(argv[2]);
		if (st.st_size >= CHECK_SPLIT)
			check_both(p, (size_t)st.st_size, json, &sum);
		else
			check_part(p, p + st.st_size, json, &sum);
	}
	printf("%llu %016llx %016llx %llu\n", (unsigned long long)sum.count,
	       (unsigned long long)sum.strict, (unsigned long long)sum.loose,
	       (unsigned long long)sum.bad);
	return 0;
}
