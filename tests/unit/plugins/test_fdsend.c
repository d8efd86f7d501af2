/* test_fdsend.c - records through a pipe that takes only a part of them. */
#define _GNU_SOURCE
#include "../../../plugins/output_stdout/fdsend.h"

#include <criterion/criterion.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RECORDS 40
#define RECORD_BYTES 1000
#define PIPE_BYTES 4096

struct kit {
	int in, out;
	weir_batch batch;
	weir_rec recs[RECORDS];
	uint64_t ends[RECORDS];
	char data[RECORDS * RECORD_BYTES];
	weir_encoded encoded;
	struct fdsend send;
	char got[RECORDS * RECORD_BYTES * 2];
	size_t got_len;
};

/* A batch of records "aaa...\n", "bbb...\n", and a pipe of one page. */
static struct kit *kit_new(void)
{
	struct kit *k = calloc(1, sizeof(*k));
	int fds[2];

	signal(SIGPIPE, SIG_IGN);
	cr_assert_eq(pipe2(fds, O_NONBLOCK), 0);
	cr_assert_eq(fcntl(fds[1], F_SETPIPE_SZ, PIPE_BYTES), PIPE_BYTES);
	k->in = fds[1];
	k->out = fds[0];
	for (uint32_t i = 0; i < RECORDS; i++) {
		char *p = k->data + i * RECORD_BYTES;

		memset(p, 'a' + (int)(i % 26), RECORD_BYTES - 1);
		p[RECORD_BYTES - 1] = '\n';
		k->ends[i] = (i + 1) * RECORD_BYTES;
		k->recs[i].id = i + 1;
	}
	k->batch = (weir_batch){.size = sizeof(k->batch), .n = RECORDS,
				.rec_stride = sizeof(weir_rec),
				.recs = k->recs};
	k->encoded = (weir_encoded){.size = sizeof(k->encoded), .n = RECORDS,
				    .data = k->data, .len = sizeof(k->data),
				    .ends = k->ends};
	fdsend_init(&k->send, k->in, 0);
	return k;
}

static void kit_destroy(struct kit *k)
{
	fdsend_fini(&k->send);
	close(k->in);
	if (k->out >= 0)
		close(k->out);
	free(k);
}

static void kit_read(struct kit *k, size_t most)
{
	while (most) {
		ssize_t n = read(k->out, k->got + k->got_len, most);

		if (n <= 0)
			return;
		k->got_len += (size_t)n;
		most -= (size_t)n;
	}
}

static unsigned kit_done(const struct kit *k)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < RECORDS; i++)
		n += !!(k->recs[i].flags & WEIR_RF_DONE);
	return n;
}

Test(fdsend, only_whole_records_are_marked_as_done)
{
	struct kit *k = kit_new();

	cr_assert_eq(fdsend_batch(&k->send, &k->batch, &k->encoded, 0),
		     -EAGAIN);
	cr_assert_eq(kit_done(k), 4);
	cr_assert_neq(k->recs[3].flags & WEIR_RF_DONE, 0);
	kit_destroy(k);
}

Test(fdsend, what_arrives_is_whole_and_in_order_however_slow_the_reader)
{
	struct kit *k = kit_new();
	int rc, turns = 0;

	while ((rc = fdsend_batch(&k->send, &k->batch, &k->encoded, 0)) ==
	       -EAGAIN) {
		cr_assert_lt(turns++, 10000, "it does not move");
		kit_read(k, 1 + (size_t)turns * 37 % 900);
	}
	cr_assert_eq(rc, 0);
	kit_read(k, sizeof(k->got));
	cr_assert_eq(kit_done(k), RECORDS);
	cr_assert_eq(k->got_len, sizeof(k->data));
	cr_assert_eq(memcmp(k->got, k->data, sizeof(k->data)), 0);
	kit_destroy(k);
}

/* The host takes out what is done; the record that was cut comes again. */
Test(fdsend, a_cut_record_is_continued_when_it_comes_in_another_batch)
{
	struct kit *k = kit_new(), *rest = kit_new();
	int rc;

	fdsend_batch(&k->send, &k->batch, &k->encoded, 0);
	memmove(rest->recs, k->recs + 4, sizeof(weir_rec) * (RECORDS - 4));
	rest->batch.n = rest->encoded.n = RECORDS - 4;
	memmove(rest->data, k->data + 4 * RECORD_BYTES,
		sizeof(k->data) - 4 * RECORD_BYTES);
	do {
		kit_read(k, PIPE_BYTES);
		rc = fdsend_batch(&k->send, &rest->batch, &rest->encoded, 0);
	} while (rc == -EAGAIN);
	cr_assert_eq(rc, 0);
	kit_read(k, sizeof(k->got));
	cr_assert_eq(k->got_len, sizeof(k->data));
	cr_assert_eq(memcmp(k->got, k->data, sizeof(k->data)), 0);
	kit_destroy(rest);
	kit_destroy(k);
}

Test(fdsend, a_cut_record_is_finished_though_the_host_gave_it_up)
{
	struct kit *k = kit_new(), *next = kit_new();

	fdsend_batch(&k->send, &k->batch, &k->encoded, 0);
	kit_read(k, PIPE_BYTES);
	next->batch.n = next->encoded.n = 1;
	next->recs[0].id = 1000; /* not the one that was cut */
	cr_assert_eq(fdsend_batch(&k->send, &next->batch, &next->encoded, 0),
		     0);
	kit_read(k, sizeof(k->got));
	cr_assert_eq(k->got_len, 6 * RECORD_BYTES);
	cr_assert_eq(memcmp(k->got, k->data, 5 * RECORD_BYTES), 0);
	cr_assert_eq(memcmp(k->got + 5 * RECORD_BYTES, next->data,
			    RECORD_BYTES), 0);
	kit_destroy(next);
	kit_destroy(k);
}

Test(fdsend, a_forgotten_record_is_sent_whole_again)
{
	struct kit *k = kit_new();

	fdsend_batch(&k->send, &k->batch, &k->encoded, 0);
	kit_read(k, PIPE_BYTES);
	k->got_len = 0;
	fdsend_forget(&k->send);
	fdsend_batch(&k->send, &k->batch, &k->encoded, 0);
	kit_read(k, PIPE_BYTES);
	cr_assert_eq(memcmp(k->got, k->data + 4 * RECORD_BYTES, k->got_len),
		     0);
	kit_destroy(k);
}

Test(fdsend, a_reader_that_went_away_is_an_error)
{
	struct kit *k = kit_new();

	close(k->out);
	k->out = -1;
	cr_assert_eq(fdsend_batch(&k->send, &k->batch, &k->encoded, 0),
		     -EPIPE);
	cr_assert_eq(kit_done(k), 0);
	kit_destroy(k);
}

Test(fdsend, a_head_comes_first_and_once)
{
	struct kit *k = kit_new();

	k->batch.n = k->encoded.n = 1;
	fdsend_head(&k->send, "head\n", 5);
	cr_assert_eq(fdsend_batch(&k->send, &k->batch, &k->encoded, 0), 0);
	kit_read(k, sizeof(k->got));
	cr_assert_eq(k->got_len, 5 + RECORD_BYTES);
	cr_assert_eq(memcmp(k->got, "head\n", 5), 0);
	cr_assert_eq(memcmp(k->got + 5, k->data, RECORD_BYTES), 0);
	kit_destroy(k);
}
