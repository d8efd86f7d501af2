/* json.c - how fast records go from JSON text to values and back.
 *
 *     json [MB | FILE] [rounds]
 *
 * Makes access-log records (9 keys, about 300 bytes), or takes the objects in
 * FILE, one per line; decodes them in batches as an input does, and encodes
 * the same records. Prints the best round. */
#include "base/mem.h"
#include "data/json_decode.h"
#include "data/json_encode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BENCH_BATCH 1024u

struct bench {
	char *text;
	size_t n;
	size_t room;
	uint64_t state;
	struct pool *pool;
	struct decoder *decoder;
	struct encoder *encoder;
	double decode_s; /* of this round */
	double encode_s;
	uint64_t written;
	uint64_t records;
};

static double bench_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static uint32_t bench_random(struct bench *b, uint32_t below)
{
	b->state = b->state * UINT64_C(6364136223846793005) +
		   1442695040888963407;
	return (uint32_t)(b->state >> 33) % below;
}

#define PICK(b, list) list[bench_random(b, NELEM(list))]

static void bench_record(struct bench *b, uint64_t id)
{
	static const char *const methods[] = {"GET",  "GET",  "GET", "GET",
					      "POST", "HEAD", "PUT"};
	static const char *const paths[] = {
		"/",
		"/index.html",
		"/images/logo-2x.png",
		"/blog/geekery/ssl-latency.html",
		"/style2.css",
		"/presentations/logstash-monitorama-2013/images/kibana.png",
		"/files/logstash/logstash-1.3.2-monolithic.jar",
		"/projects/xdotool/",
		"/blog/tags/puppet?flav=rss20"};
	static const int statuses[] = {200, 200, 200, 200, 200, 200, 200,
				       304, 304, 301, 206, 404, 500};
	static const char *const referrers[] = {
		"-", "-", "http://www.semicomplete.com/projects/xdotool/",
		"http://semicomplete.com/presentations/logstash-monitorama/",
		"https://www.google.com/search?q=ssl+latency&ie=utf-8"};
	static const char *const agents[] = {
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_9_1) "
		"AppleWebKit/537.36 (KHTML, like Gecko) Chrome/32.0.1700.77 "
		"Safari/537.36",
		"Mozilla/5.0 (Windows NT 6.1; WOW64; rv:26.0) Gecko/20100101 "
		"Firefox/26.0",
		"UniversalFeedParser/4.2-pre-314-svn "
		"+http://feedparser.org/",
		"Mozilla/5.0 (compatible; Googlebot/2.1; "
		"+http://www.google.com/bot.html)",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 6_0 like Mac OS X) "
		"AppleWebKit/536.26 (KHTML, like Gecko) Version/6.0 "
		"Mobile/10A5376e Safari/8536.25"};
	uint32_t size = bench_random(b, 1u << bench_random(b, 20));

	if (b->room - b->n < 1024) {
		b->room = b->room ? b->room * 2 : 1 << 20;
		b->text = mem_resize(b->text, b->room + ARENA_PAD);
	}
	unsigned day = 17 + bench_random(b, 4), hour = bench_random(b, 24);
	unsigned minute = bench_random(b, 60), second = bench_random(b, 60);
	unsigned ip = bench_random(b, UINT32_MAX);
	const char *method = PICK(b, methods), *path = PICK(b, paths);
	int status = PICK(b, statuses);
	const char *referrer = PICK(b, referrers), *agent = PICK(b, agents);

	b->n += (size_t)snprintf(
		b->text + b->n, 1024,
		"{\"ts\":\"2015-05-%02uT%02u:%02u:%02uZ\","
		"\"ip\":\"%u.%u.%u.%u\",\"method\":\"%s\",\"path\":\"%s\","
		"\"status\":%d,\"bytes\":%u,\"referrer\":\"%s\","
		"\"agent\":\"%s\",\"id\":%llu}\n",
		day, hour, minute, second, ip & 255, ip >> 8 & 255,
		ip >> 16 & 255, ip >> 24, method, path, status, size, referrer,
		agent, (unsigned long long)id);
}

static void bench_make(struct bench *b, size_t want)
{
	for (uint64_t id = 0; b->n < want; id++)
		bench_record(b, 1000000 + id);
}

static int bench_read(struct bench *b, const char *path)
{
	FILE *f = fopen(path, "r");
	long n;

	if (!f || fseek(f, 0, SEEK_END) < 0 || (n = ftell(f)) <= 0) {
		perror(path);
		return -1;
	}
	rewind(f);
	b->text = mem_alloc((size_t)n + 1 + ARENA_PAD);
	b->n = fread(b->text, 1, (size_t)n, f);
	fclose(f);
	if (b->text[b->n - 1] != '\n')
		b->text[b->n++] = '\n';
	return 0;
}

/* Decodes up to BENCH_BATCH lines from *at on. */
static struct batch *bench_decode(struct bench *b, size_t *at)
{
	struct arena *a = arena_new(b->pool, NULL);
	struct batch *batch = batch_new(&a);
	struct codec_fault why;
	struct weir_val v;

	while (*at < b->n && batch->pub.n < BENCH_BATCH) {
		const char *line = b->text + *at;
		const char *end = memchr(line, '\n', b->n - *at);
		struct weir_rec *r = batch_add(batch);

		if (b->decoder->ops->decode(b->decoder, batch, line,
					    (size_t)(end - line), &v,
					    &why) < 0 ||
		    v.type != WEIR_T_MAP) {
			fprintf(stderr, "byte %zu: no object\n", *at);
			exit(1);
		}
		memset(r, 0, sizeof(*r));
		r->root = *v.as.map;
		*at += (size_t)(end - line) + 1;
	}
	return batch;
}

static void bench_encode(struct bench *b, struct batch *batch)
{
	struct encode_buf to = {.arena = batch->arena};
	struct codec_fault why;

	/* An output knows from the last batch how much it will be. */
	encode_buf_room(&to, 512 * 1024);
	for (uint32_t i = 0; i < batch->pub.n; i++)
		if (b->encoder->ops->encode(b->encoder, batch,
					    &batch->pub.recs[i], &to,
					    &why) < 0) {
			fprintf(stderr, "%s\n", why.text);
			exit(1);
		}
	b->written += to.n;
}

static void bench_round(struct bench *b)
{
	size_t at = 0;

	b->decode_s = b->encode_s = 0;
	b->written = b->records = 0;
	while (at < b->n) {
		double t0 = bench_now(), t1;
		struct batch *batch = bench_decode(b, &at);

		t1 = bench_now();
		b->decode_s += t1 - t0;
		bench_encode(b, batch);
		b->encode_s += bench_now() - t1;
		b->records += batch->pub.n;
		batch_unref(&batch);
	}
}

int main(int argc, char **argv)
{
	int mb = argc > 1 ? atoi(argv[1]) : 64;
	int rounds = argc > 2 ? atoi(argv[2]) : 5;
	struct bench b = {.state = 1};
	double decode = 1e9, encode = 1e9;

	b.pool = pool_new(64 << 20);
	b.decoder = mem_alloc(json_decoder_ops.bytes);
	b.decoder->ops = &json_decoder_ops;
	b.encoder = mem_alloc(json_encoder_ops.bytes);
	b.encoder->ops = &json_encoder_ops;
	if (json_decoder_ops.init(b.decoder, NULL, 0, NULL) < 0 ||
	    json_encoder_ops.init(b.encoder, NULL, 0, NULL) < 0)
		return 1;
	if (mb > 0)
		bench_make(&b, (size_t)mb << 20);
	else if (bench_read(&b, argv[1]) < 0)
		return 1;
	for (int i = 0; i < rounds; i++) {
		bench_round(&b);
		decode = b.decode_s < decode ? b.decode_s : decode;
		encode = b.encode_s < encode ? b.encode_s : encode;
	}
	printf("%zu MB, %llu records of %.0f bytes\n", b.n >> 20,
	       (unsigned long long)b.records, (double)b.n / (double)b.records);
	printf("decode %6.0f MB/s  %5.0f ns a record (with finding lines)\n",
	       (double)b.n / decode / 1e6, decode * 1e9 / (double)b.records);
	printf("encode %6.0f MB/s  %5.0f ns a record\n",
	       (double)b.written / encode / 1e6,
	       encode * 1e9 / (double)b.records);
	json_decoder_ops.fini(b.decoder);
	json_encoder_ops.fini(b.encoder);
	mem_free(b.decoder);
	mem_free(b.encoder);
	mem_free(b.text);
	pool_destroy(&b.pool);
	return 0;
}
