/* unix.c - input_unix, the plugin: bytes that local processes send to us. */
#include "../input_tcp/stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

struct local_cfg {
	const char *path;
	const char *permissions;
	int64_t max_connections;
	int64_t idle_timeout;
	uint64_t receive_buffer;
};

struct local {
	const weir_host *host;
	const struct local_cfg *cfg;
	struct stream *stream;
	int bound; /* the socket at path is ours */
};

/* A socket file that nobody listens behind is left from a process that died;
 * anything else at that place is not ours to remove. */
static int local_is_stale(const char *path, const struct sockaddr_un *a)
{
	struct stat st;
	int fd, rc;

	if (lstat(path, &st) || !S_ISSOCK(st.st_mode))
		return 0;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return 0;
	rc = connect(fd, (const struct sockaddr *)a, sizeof(*a));
	rc = rc && errno == ECONNREFUSED;
	close(fd);
	return rc;
}

/* "0660" as chmod(1) reads it. */
static int local_mode(const char *text, mode_t *mode_r)
{
	char *end;
	unsigned long mode = strtoul(text, &end, 8);

	if (!*text || *end || mode > 0777)
		return -1;
	*mode_r = (mode_t)mode;
	return 0;
}

static int local_bind(struct local *l, int fd, const struct sockaddr_un *a,
		      mode_t mode)
{
	const char *path = l->cfg->path;

	if (bind(fd, (const struct sockaddr *)a, sizeof(*a))) {
		if (errno != EADDRINUSE || !local_is_stale(path, a))
			return -errno;
		if (unlink(path) ||
		    bind(fd, (const struct sockaddr *)a, sizeof(*a)))
			return -errno;
	}
	l->bound = 1;
	if (chmod(path, mode) || listen(fd, SOMAXCONN))
		return -errno;
	return 0;
}

static weir_rc local_start(void *inst)
{
	struct local *l = inst;
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	const char *path = l->cfg->path;
	mode_t mode;
	int fd, rc;

	if (local_mode(l->cfg->permissions, &mode))
		return stream_fail(l->host, WEIR_E_CONFIG, "permissions "
				   "\"%s\": write them in octal, as in "
				   "\"0660\"", l->cfg->permissions);
	if (!*path || strlen(path) >= sizeof(a.sun_path))
		return stream_fail(l->host, WEIR_E_CONFIG, "path \"%s\": a "
				   "socket's path has 1 to %zu bytes", path,
				   sizeof(a.sun_path) - 1);
	strcpy(a.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return stream_fail(l->host, WEIR_E_FATAL, "socket: %s",
				   strerror(errno));
	rc = local_bind(l, fd, &a, mode);
	if (rc == 0)
		return stream_start(l->stream, fd);
	close(fd);
	if (rc == -EADDRINUSE)
		return stream_fail(l->host, WEIR_E_CONFIG, "%s: is in use: "
				   "another process listens there, or it is "
				   "no socket", path);
	return stream_fail(l->host, WEIR_E_CONFIG, "%s: %s", path,
			   strerror(-rc));
}

static void local_stop(void *inst)
{
	struct local *l = inst;

	stream_stop(l->stream);
	if (l->bound)
		unlink(l->cfg->path);
	l->bound = 0;
}

static weir_rc local_create(const weir_host *h, const void *cfg, void **inst)
{
	struct local *l = calloc(1, sizeof(*l));

	if (!l)
		return stream_fail(h, WEIR_E_FATAL, "no memory");
	l->host = h;
	l->cfg = cfg;
	l->stream = stream_new(h, &(struct stream_limits){
		.connections = (uint32_t)l->cfg->max_connections,
		.idle_ns = l->cfg->idle_timeout,
		.receive_buffer = l->cfg->receive_buffer,
	});
	if (!l->stream) {
		free(l);
		return WEIR_E_UNSUP;
	}
	*inst = l;
	return WEIR_OK;
}

static void local_destroy(void *inst)
{
	struct local *l = inst;

	stream_destroy(&l->stream);
	free(l);
}

static weir_rc local_poll(void *inst, uint64_t budget_ns)
{
	return stream_poll(((struct local *)inst)->stream, budget_ns);
}

static weir_rc local_on_timer(void *inst, uint64_t cookie)
{
	return stream_on_loop(((struct local *)inst)->stream, cookie);
}

static weir_rc local_on_io(void *inst, uint64_t cookie, uint32_t events)
{
	(void)events;
	return stream_on_loop(((struct local *)inst)->stream, cookie);
}

static const void *local_get(const char *id)
{
	static const weir_on_loop on_loop = {
		.size = sizeof(on_loop),
		.on_timer = local_on_timer,
		.on_io = local_on_io,
	};

	return strcmp(id, WEIR_X_LOOP) ? NULL : &on_loop;
}

#define PARAM(NAME, TYPE, DFLT, RANGE, FLAGS, DOC)                            \
	{                                                                     \
		.name = #NAME, .type = TYPE, .dflt = DFLT, .range = RANGE,    \
		.flags = FLAGS, .doc = DOC,                                   \
		.offset = offsetof(struct local_cfg, NAME)                    \
	}

static const weir_param local_params[] = {
	PARAM(path, WEIR_P_STR, NULL, NULL, WEIR_PF_REQUIRED,
	      "Where the socket is made. One that a dead process left there "
	      "is replaced."),
	PARAM(permissions, WEIR_P_STR, "\"0600\"", NULL, 0,
	      "Of the socket, in octal: who may connect needs to write."),
	PARAM(max_connections, WEIR_P_I64, "1024", "1..1000000", 0,
	      "Connections at once. More are not refused: they wait until one "
	      "is closed."),
	PARAM(idle_timeout, WEIR_P_DURATION, "\"10m\"", "0s..", 0,
	      "A connection that sends nothing for so long is closed; "
	      "0s = never."),
	PARAM(receive_buffer, WEIR_P_SIZE, "0", "0..1GiB", 0,
	      "Bytes that the kernel holds for each connection; 0 = as it "
	      "thinks best."),
};

static const weir_ops local_ops = {
	.size = sizeof(local_ops),
	.create = local_create,
	.destroy = local_destroy,
	.start = local_start,
	.stop = local_stop,
	.poll = local_poll,
	.get = local_get,
};

static const weir_plugin local_plugin = {
	.size = sizeof(local_plugin),
	.abi_major = WEIR_ABI_MAJOR,
	.kind = WEIR_INPUT,
	.flags = WEIR_F_BYTES,
	.name = "unix",
	.id = "org.weir.input.unix",
	.version = "0.1.0",
	.vendor = "weir",
	.license = "Apache-2.0",
	.summary = "listens on a Unix socket and reads what is sent",
	.doc = "Listens on a stream socket in the file system; every connection "
	       "is a stream of records. Behaves as input tcp does, and like it "
	       "is at-most-once: a sender cannot learn what was delivered.",
	.example = "local: { plugin = \"unix\"; path = \"/run/app/log.sock\"; "
		   "permissions = \"0660\"; };",
	.params = local_params,
	.n_params = sizeof(local_params) / sizeof(local_params[0]),
	.param_stride = sizeof(weir_param),
	.cfg_size = sizeof(struct local_cfg),
	.ops = &local_ops,
};

WEIR_NOTE("org.weir.input.unix", "0.1.0", 1u << WEIR_INPUT);

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	return index == 0 ? &local_plugin : NULL;
}
