/* test_json_cat.c - lines of JSON from stdin, decoded and written to stdout;
 * a line that is refused becomes `!offset text`. For comparison with other
 * implementations; --twice goes through a decoder that has just learnt the
 * line. */
#include "test_json_kit.h"

#include <stdio.h>

static void cat_line(struct kit *k, const char *line, size_t n, int twice)
{
	struct weir_val box;
	weir_map m = {0};
	const char *out;
	uint32_t id;

	kit_batch(k);
	if ((twice && kit_decode_n(k, line, n) < 0) ||
	    kit_decode_n(k, line, n) < 0) {
		printf("!%u %s\n", k->why.offset, k->why.text);
		return;
	}
	/* Whatever it is goes into a record: {"v": ...} */
	box = k->v;
	id = batch_name(k->batch, "v", 1);
	m.names = k->batch->pub.ops->shape(&k->batch->pub, &id, 1);
	m.vals = &box;
	m.n = 1;
	out = kit_encode_map(k, &m);
	if (out)
		printf("%s\n", out);
	else
		printf("!encode %s\n", k->why.text);
}

int main(int argc, char **argv)
{
	int twice = argc > 1 && strcmp(argv[1], "--twice") == 0;
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	struct kit k;

	kit_open(&k);
	while ((n = getline(&line, &room, stdin)) > 0)
		cat_line(&k, line, (size_t)n - (line[n - 1] == '\n'), twice);
	free(line);
	kit_close(&k);
	return 0;
}
