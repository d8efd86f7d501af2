/* test_positions.c - promises of the file that remembers where inputs are. */
#include "flow/positions.h"
#include "base/world_virtual.h"
#include "base/units.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <string.h>

static weir_bytes bytes(const char *s)
{
	return (weir_bytes){s, (uint32_t)strlen(s), 0};
}

struct seen {
	char text[256];
};

static int see(void *ctx, weir_bytes pos, struct err *e)
{
	struct seen *s = ctx;

	(void)e;
	strncat(s->text, pos.p, pos.len);
	strcat(s->text, ";");
	return 0;
}

static struct positions *reopen(struct world_virtual *v,
				struct positions *p, struct err *e)
{
	positions_destroy(&p);
	return positions_open(world_virtual_world(v), "/d", "p", e);
}

Test(positions, come_back_after_a_restart)
{
	struct world_virtual *v = world_virtual_new(1);
	struct err e = ERR_NONE;
	struct positions *p = reopen(v, NULL, &e);
	struct seen s = {""};

	cr_assert_not_null(p, "%s", e.text);
	positions_set(p, "in", bytes("a"), bytes("a1"));
	positions_set(p, "in", bytes("a"), bytes("a2"));
	positions_set(p, "other", bytes("a"), bytes("x"));
	cr_assert_eq(positions_save_now(p, &e), 0, "%s", e.text);
	p = reopen(v, p, &e);
	cr_assert_not_null(p, "%s", e.text);
	cr_assert_eq(positions_each(p, "in", see, &s, &e), 0);
	cr_assert_str_eq(s.text, "a2;");
	positions_destroy(&p);
	world_virtual_destroy(&v);
}

Test(positions, survive_a_power_cut_whole_or_as_they_were)
{
	for (unsigned nth = 1; nth <= 3; nth++) {
		static const char *const ops[] = {"write", "sync", "rename"};
		struct world_virtual *v = world_virtual_new(1);
		struct err e = ERR_NONE;
		struct positions *p = reopen(v, NULL, &e);
		struct seen s = {""};

		positions_set(p, "in", bytes(""), bytes("old"));
		cr_assert_eq(positions_save_now(p, &e), 0, "%s", e.text);
		positions_set(p, "in", bytes(""), bytes("new"));
		world_virtual_fault(v, ops[nth - 1], 1, 5, 0);
		cr_assert_eq(positions_save_now(p, &e), -1);
		world_virtual_crash(v);
		p = reopen(v, p, &e);
		cr_assert_not_null(p, "%s", e.text);
		positions_each(p, "in", see, &s, &e);
		cr_assert_str_eq(s.text, "old;", "after a failed %s",
				 ops[nth - 1]);
		positions_destroy(&p);
		world_virtual_destroy(&v);
	}
}

Test(positions, that_are_damaged_are_refused_and_not_ignored)
{
	struct world_virtual *v = world_virtual_new(1);
	const struct world *w = world_virtual_world(v);
	struct err e = ERR_NONE;
	struct positions *p = reopen(v, NULL, &e);
	int fd;

	positions_set(p, "in", bytes(""), bytes("old"));
	cr_assert_eq(positions_save_now(p, &e), 0, "%s", e.text);
	fd = w->files->open(w->ctx, "/d/p.positions", O_WRONLY, 0);
	cr_assert_geq(fd, 0);
	w->files->write(w->ctx, fd, "weir positions 1\nin - 00", 24);
	w->files->close(w->ctx, fd);
	p = reopen(v, p, &e);
	cr_assert_null(p);
	cr_assert(strstr(e.text, "damaged"), "%s", e.text);
	world_virtual_destroy(&v);
}
