/* test_identity.c - which file is this, and the position that is saved. */
#include "../../../plugins/input_file/identity.h"

#include <criterion/criterion.h>

#include <string.h>

static struct position saved(const struct identity *id, uint64_t offset)
{
	weir_cut cut = {.over = 1, .state = 2, .header = 3};
	struct position pos;

	memset(&pos, 0xee, sizeof(pos)); /* no byte may be left over */
	position_fill(&pos, id, offset, &cut);
	return pos;
}

Test(identity, a_file_that_grows_stays_the_same_and_its_head_grows_with_it)
{
	struct identity id = {.dev = 1, .ino = 2};

	cr_assert_eq(identity_head(&id, "one\n", 4), 0);
	cr_assert_eq(identity_head(&id, "one\ntwo\n", 8), 0);
	cr_assert_eq(id.head_len, 8);
	cr_assert_eq(memcmp(id.head, "one\ntwo\n", 8), 0);
}

Test(identity, a_file_that_begins_otherwise_is_another_one)
{
	struct identity id = {0};

	cr_assert_eq(identity_head(&id, "one\n", 4), 0);
	cr_assert_eq(identity_head(&id, "One\ntwo\n", 8), -1);
	cr_assert_eq(id.head_len, 4, "a refused head must change nothing");
	cr_assert_eq(memcmp(id.head, "one\n", 4), 0);
}

Test(identity, a_file_shorter_than_its_known_head_is_another_one)
{
	struct identity id = {0};

	cr_assert_eq(identity_head(&id, "one\ntwo\n", 8), 0);
	cr_assert_eq(identity_head(&id, "one\n", 4), -1);
}

Test(identity, after_a_reset_any_head_is_taken)
{
	struct identity id = {0};

	identity_head(&id, "old", 3);
	identity_trail(&id, "old", 3);
	identity_reset(&id);
	cr_assert_eq(id.trail_len, 0);
	cr_assert_eq(identity_head(&id, "new", 3), 0);
}

Test(identity, the_trail_is_the_last_64_bytes_however_they_came)
{
	char bytes[300];
	size_t steps[] = {1, 7, 63, 64, 65, 299};

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 31 + 7);
	for (size_t s = 0; s < sizeof(steps) / sizeof(steps[0]); s++) {
		struct identity id = {0};
		size_t at = 0, n, keep;

		while (at < sizeof(bytes)) {
			n = sizeof(bytes) - at < steps[s] ? sizeof(bytes) - at
							  : steps[s];
			identity_trail(&id, bytes + at, n);
			at += n;
			keep = at < IDENTITY_TRAIL ? at : IDENTITY_TRAIL;
			cr_assert_eq(id.trail_len, keep);
			cr_assert_eq(memcmp(id.trail, bytes + at - keep, keep),
				     0, "in steps of %zu, at %zu", steps[s],
				     at);
		}
	}
}

Test(identity, a_position_comes_back_as_it_was_saved)
{
	struct identity id = {.dev = 7, .ino = 9};
	struct position pos, back;

	identity_head(&id, "head", 4);
	identity_trail(&id, "tail", 4);
	pos = saved(&id, 123);
	cr_assert_eq(position_parse((weir_bytes){&pos, sizeof(pos), 0}, &back),
		     0);
	cr_assert_eq(back.offset, 123);
	cr_assert_eq(back.dev, 7);
	cr_assert_eq(back.ino, 9);
	cr_assert_eq(back.head_hash, identity_hash("head", 4));
	cr_assert_eq(back.trail_hash, identity_hash("tail", 4));
	cr_assert_eq(back.cut.over, 1);
	cr_assert_eq(back.cut.state, 2);
	cr_assert_eq(back.cut.header, 3);
}

Test(identity, the_partition_does_not_change_while_the_file_grows)
{
	struct identity id = {.dev = 7, .ino = 9};
	struct position a, b;

	a = saved(&id, 0);
	identity_head(&id, "head", 4);
	identity_trail(&id, "tail", 4);
	b = saved(&id, 4096);
	cr_assert_eq(memcmp(&a, &b, POSITION_PARTITION), 0);
	id.ino = 10;
	b = saved(&id, 4096);
	cr_assert_neq(memcmp(&a, &b, POSITION_PARTITION), 0);
}

Test(identity, foreign_bytes_are_not_a_position)
{
	struct identity id = {.dev = 7, .ino = 9};
	struct position pos = saved(&id, 5), back;
	weir_bytes bytes = {&pos, sizeof(pos), 0};

	cr_assert_eq(position_parse((weir_bytes){&pos, sizeof(pos) - 1, 0},
				    &back), -1);
	pos.version++;
	cr_assert_eq(position_parse(bytes, &back), -1);
	pos.version--;
	pos.head_len = IDENTITY_HEAD + 1;
	cr_assert_eq(position_parse(bytes, &back), -1);
	pos.head_len = 0;
	pos.trail_len = 6; /* more than there is before byte 5 */
	cr_assert_eq(position_parse(bytes, &back), -1);
	pos.trail_len = 5;
	cr_assert_eq(position_parse(bytes, &back), 0);
}
