/* gen.c - the benchmark's data: access log lines, as text, as NDJSON, as oracle.
 *
 *	gen log|ndjson|w2|w2b|w3 BYTES > FILE
 *
 * "log" is 10,000 distinct lines of an Apache combined log, repeated until
 * BYTES are reached; "ndjson" is the same records as JSON with an id of their
 * own. Both stop at the end of the first record at or beyond BYTES.
 *
 * w2, w2b and w3 write what the work of that name has to produce from the
 * file of BYTES, made from the records and not from the file's text. They are
 * the oracle that every output, also weir's, is compared with.
 *
 * No clock, no locale and no libc random: the same BYTES give the same file
 * on every machine.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GEN_DISTINCT 10000
#define GEN_FIELD 384
#define GEN_LINE 4096
#define GEN_OUT (1 << 20)
#define GEN_COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct gen_record {
	char ip[16];
	char user[16];
	char time[32]; /* as Apache writes it */
	char ts[32];   /* as JSON has it */
	const char *method;
	char path[GEN_FIELD];
	char version[4];
	unsigned int status;
	char bytes[16]; /* a number, or "-" where nothing was sent */
	char referrer[GEN_FIELD];
	char agent[GEN_FIELD]; /* as logged: a quote is \" */
};

/* A rendered record: what comes before the id and what comes after it */
struct gen_text {
	char *head;
	size_t head_len;
	const char *tail;
	bool counted; /* has an id between head and tail */
};

static struct gen_text gen_texts[GEN_DISTINCT];
static unsigned int gen_statuses[GEN_DISTINCT];

static uint64_t gen_seed = 0x77656972; /* any; part of the data's identity */

/* splitmix64 */
static uint64_t gen_random(void)
{
	uint64_t z = gen_seed += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static unsigned int gen_below(unsigned int n)
{
	return (unsigned int)(gen_random() % n);
}

#define GEN_PICK(array) ((array)[gen_below(GEN_COUNT(array))])

static const char *const gen_agents[] = {
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 "
	"(KHTML, like Gecko) Chrome/%u.0.0.0 Safari/537.36",
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 "
	"(KHTML, like Gecko) Chrome/%u.0.0.0 Safari/537.36 Edg/128.0.2739.42",
	"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) "
	"AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.%u "
	"Safari/605.1.15",
	"Mozilla/5.0 (iPhone; CPU iPhone OS 17_%u like Mac OS X) "
	"AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 "
	"Safari/604.1",
	"Mozilla/5.0 (X11; Linux x86_64; rv:%u.0) Gecko/20100101 Firefox/127.0",
	"Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 "
	"(KHTML, like Gecko) Chrome/%u.0.6613.88 Mobile Safari/537.36",
	"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
	"Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
	"Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
	"curl/7.%u.1",
	"python-requests/2.%u.0",
};

/* Rare: quotes and a backslash as Apache escapes them, and UTF-8 */
static const char *const gen_odd_agents[] = {
	"Mozilla/5.0 (compatible; \\\"SiteAudit\\\" 2.%u; +https://audit.example.net/about)",
	"Feedfetcher \\\"H\xc3\xa4ufige Fragen\\\" (https://example.org; %u "
	"subscribers; feed-id=9034)",
	"Mozilla/5.0 (Windows NT 10.0; build C:\\\\agent\\\\%u) "
	"AppleWebKit/537.36 (KHTML, like Gecko)",
	"\xe3\x82\xa2\xe3\x83\xb3\xe3\x83\x86\xe3\x83\x8a\xe5\xb7\xa1\xe5\x9b\x9e/1.%u "
	"(+https://antenna.example.jp/bot)",
};

static const char *const gen_paths[] = {
	"/",
	"/index.html",
	"/about",
	"/products/%u",
	"/blog/2026/%02u/how-we-moved-a-shop-to-two-cores",
	"/products/%u/reviews?page=2&sort=newest",
	"/static/js/app.%08x.js",
	"/static/css/main.%08x.css",
	"/static/img/hero-%u@2x.webp",
	"/search?q=running+shoes&size=%u&color=blue",
	"/cart/add?sku=SKU-%u&qty=1",
	"/api/v2/items/%u?fields=id,name,price&expand=vendor",
	"/api/v2/sessions/%08x",
	"/feed.xml",
	"/robots.txt",
	"/search?q=caf%%C3%%A9+cr%%C3%%A8me&page=%u",
	"/downloads/manual-%u.pdf",
	"/account/orders/%u?utm_source=newsletter&utm_medium=email&utm_campaign=autumn",
};

static const char *const gen_referrers[] = {
	"https://www.google.com/",
	"https://www.example.com/",
	"https://www.bing.com/search?q=running+shoes+%u",
	"https://www.example.com/products/%u",
	"https://www.example.com/search?q=trail&page=%u",
	"https://news.example.org/item?id=%u",
	"https://duckduckgo.com/",
	"https://www.example.com/blog/2026/%02u/",
	"https://www.example.de/s\xc3\xbc\xc3\x9figkeiten/b\xc3\xa4r?artikel=%u",
	"https://shop.example.com/category/outdoor/shoes?page=%u&sort=price&utm_source=partner",
};

static const char *const gen_months[] = {
	"Jan", "Feb", "Mar", "Apr", "May", "Jun",
	"Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
};

static const char *const gen_users[] = {"alice", "bob", "m.garcia", "deploy"};

/* The pattern comes from the tables above and takes one number at most. */
__attribute__((format(printf, 2, 0))) static void
gen_format(char *out, const char *pattern, ...)
{
	va_list ap;

	va_start(ap, pattern);
	vsnprintf(out, GEN_FIELD, pattern, ap);
	va_end(ap);
}

static unsigned int gen_status(unsigned int n)
{
	static const unsigned int bad[] = {404, 404, 404, 404, 403,
					   400, 401, 500, 502, 503};
	static const unsigned int good[] = {200, 200, 200, 200, 200, 200,
					    200, 301, 302, 304, 304, 206};

	/* 22 in 1,000 exactly, spread by a step that shares no factor */
	return n * 617 % 1000 < 22 ? GEN_PICK(bad) : GEN_PICK(good);
}

static void gen_time(struct gen_record *r, unsigned int n)
{
	/* about nine seconds apart, so 10,000 of them are a day */
	unsigned int s = n * 8640 / 1000 + gen_below(8);
	unsigned int day = 14 + s / 86400, month = 9;

	snprintf(r->time, sizeof(r->time), "%02u/%s/2026:%02u:%02u:%02u +0000",
		 day, gen_months[month], s / 3600 % 24, s / 60 % 60, s % 60);
	snprintf(r->ts, sizeof(r->ts), "2026-%02u-%02uT%02u:%02u:%02uZ",
		 month + 1, day, s / 3600 % 24, s / 60 % 60, s % 60);
}

static void gen_record(struct gen_record *r, unsigned int n)
{
	static const char *const methods[] = {"GET",  "GET",  "GET",
					      "GET",  "GET",  "GET",
					      "POST", "HEAD", "PUT"};
	unsigned int random;
	const char *text;

	/* One random number per statement: C leaves the order of arguments open. */
	memset(r, 0, sizeof(*r));
	random = (unsigned int)gen_random();
	snprintf(r->ip, sizeof(r->ip), "%u.%u.%u.%u",
		 11 + (random >> 24) % 200, random >> 16 & 255,
		 random >> 8 & 255, 1 + random % 254);
	strcpy(r->user, gen_below(25) ? "-" : GEN_PICK(gen_users));
	gen_time(r, n);
	r->method = GEN_PICK(methods);
	text = GEN_PICK(gen_paths);
	gen_format(r->path, text, gen_below(100000));
	strcpy(r->version, gen_below(3) ? "1.1" : "2.0");
	r->status = gen_status(n);
	if (r->status == 304)
		strcpy(r->bytes, "-");
	else
		snprintf(r->bytes, sizeof(r->bytes), "%u",
			 gen_below(gen_below(10) ? 60000 : 4000000));
	text = gen_below(3) ? GEN_PICK(gen_referrers) : "-";
	gen_format(r->referrer, text, 1 + gen_below(9999));
	text = gen_below(60) ?
		       gen_agents[gen_below(
			       gen_below(4) ? 6 : GEN_COUNT(gen_agents))] :
		       GEN_PICK(gen_odd_agents);
	gen_format(r->agent, text, 80 + gen_below(48));
}

/* Appends text as the inside of a JSON string. */
static char *gen_json(char *p, const char *text)
{
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			*p++ = '\\';
		*p++ = *text;
	}
	return p;
}

static char *gen_member(char *p, const char *before, const char *text)
{
	p = stpcpy(p, before);
	return gen_json(p, text);
}

/* The agent as it was sent: without the escapes of the log */
static void gen_sent(char *out, const char *logged)
{
	for (; *logged; logged++) {
		if (*logged == '\\')
			logged++;
		*out++ = *logged;
	}
	*out = '\0';
}

static void gen_log(struct gen_text *t, const struct gen_record *r)
{
	t->head_len = (size_t)sprintf(
		t->head,
		"%s - %s [%s] \"%s %s HTTP/%s\" %u %s \"%s\" \"%s\"\n", r->ip,
		r->user, r->time, r->method, r->path, r->version, r->status,
		r->bytes, r->referrer, r->agent);
}

static void gen_w3(struct gen_text *t, const struct gen_record *r)
{
	char *p = t->head;

	p = gen_member(p, "{\"ip\":\"", r->ip);
	p = gen_member(p, "\",\"user\":\"", r->user);
	p = gen_member(p, "\",\"time\":\"", r->time);
	p = gen_member(p, "\",\"method\":\"", r->method);
	p = gen_member(p, "\",\"path\":\"", r->path);
	p += sprintf(p, "\",\"status\":\"%u\",\"bytes\":\"%s", r->status,
		     r->bytes);
	p = gen_member(p, "\",\"referrer\":\"", r->referrer);
	p = gen_member(p, "\",\"agent\":\"", r->agent);
	p = stpcpy(p, "\"}\n");
	t->head_len = (size_t)(p - t->head);
}

/* As data, or without the agent and with src as W2 wants it */
static void gen_ndjson(struct gen_text *t, const struct gen_record *r,
		       bool shaped)
{
	char sent[GEN_FIELD], *p = t->head;

	p = gen_member(p, "{\"ts\":\"", r->ts);
	p = gen_member(p, "\",\"ip\":\"", r->ip);
	p = gen_member(p, "\",\"method\":\"", r->method);
	p = gen_member(p, "\",\"path\":\"", r->path);
	p += sprintf(p, "\",\"status\":%u,\"bytes\":%s", r->status,
		     r->bytes[0] == '-' ? "0" : r->bytes);
	p = gen_member(p, ",\"referrer\":\"", r->referrer);
	if (!shaped) {
		gen_sent(sent, r->agent);
		p = gen_member(p, "\",\"agent\":\"", sent);
	}
	p = stpcpy(p, "\",\"id\":");
	t->head_len = (size_t)(p - t->head);
	t->tail = shaped ? ",\"src\":\"bench\"}\n" : "}\n";
	t->counted = true;
}

static char gen_out[GEN_OUT + GEN_LINE];
static size_t gen_out_len;

static void gen_flush(void)
{
	size_t done = 0;

	while (done < gen_out_len) {
		ssize_t n = write(STDOUT_FILENO, gen_out + done,
				  gen_out_len - done);

		if (n < 0) {
			perror("gen: write");
			exit(1);
		}
		done += (size_t)n;
	}
	gen_out_len = 0;
}

/* Returns the bytes that record number "id" takes with this text. */
static size_t gen_put(const struct gen_text *t, uint64_t id, bool real)
{
	char *start = gen_out + gen_out_len, *p = start;
	char digits[24];
	int i = 0;

	p = (char *)memcpy(p, t->head, t->head_len) + t->head_len;
	if (t->counted) {
		do
			digits[i++] = (char)('0' + id % 10);
		while (id /= 10);
		while (i > 0)
			*p++ = digits[--i];
		p = stpcpy(p, t->tail);
	}
	if (real)
		gen_out_len += (size_t)(p - start);
	if (gen_out_len >= GEN_OUT)
		gen_flush();
	return (size_t)(p - start);
}

/* How many records the file of "bytes" has: the oracle must know it too. */
static uint64_t gen_total(const struct gen_text *texts, uint64_t bytes)
{
	uint64_t sum = 0, n = 0;

	for (; sum < bytes; n++)
		sum += gen_put(&texts[n % GEN_DISTINCT], n + 1, false);
	return n;
}

static bool gen_keeps(const char *what, uint64_t n)
{
	return strcmp(what, "w2") != 0 ||
	       gen_statuses[n % GEN_DISTINCT] >= 400;
}

static void gen_render(const char *what)
{
	static char bytes[GEN_DISTINCT][GEN_LINE];
	struct gen_record r;

	gen_seed = 0x77656972;
	for (unsigned int n = 0; n < GEN_DISTINCT; n++) {
		struct gen_text *t = &gen_texts[n];

		gen_record(&r, n);
		gen_statuses[n] = r.status;
		memset(t, 0, sizeof(*t));
		t->head = bytes[n];
		if (strcmp(what, "log") == 0)
			gen_log(t, &r);
		else if (strcmp(what, "w3") == 0)
			gen_w3(t, &r);
		else
			gen_ndjson(t, &r, strcmp(what, "ndjson") != 0);
	}
}

int main(int argc, char **argv)
{
	const char *what = argc == 3 ? argv[1] : "";
	static const char *const known[] = {"log", "ndjson", "w2", "w2b",
					    "w3"};
	uint64_t total;
	bool ok = false;

	for (size_t i = 0; i < GEN_COUNT(known); i++)
		ok |= strcmp(what, known[i]) == 0;
	if (!ok) {
		fprintf(stderr,
			"usage: gen log|ndjson|w2|w2b|w3 BYTES > FILE\n");
		return 2;
	}
	gen_render(strcmp(what, "log") == 0 || strcmp(what, "w3") == 0 ?
			   "log" :
			   "ndjson");
	total = gen_total(gen_texts, strtoull(argv[2], NULL, 10));
	gen_render(what);
	for (uint64_t n = 0; n < total; n++)
		if (gen_keeps(what, n))
			gen_put(&gen_texts[n % GEN_DISTINCT], n + 1, true);
	gen_flush();
	return 0;
}
