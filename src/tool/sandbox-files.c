/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Landlock (Linux 5.13): rights of a process below given folders. glibc has
 * no functions for it. */
#include "config.h"
#include "tool/sandbox-priv.h"

#include "api/schema.h"
#include "base/buf.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(HAVE_SECCOMP) && defined(HAVE_LINUX_LANDLOCK_H)

#include <linux/landlock.h>

/* Rights that came later than the header may be. */
#ifndef LANDLOCK_ACCESS_FS_REFER
#define LANDLOCK_ACCESS_FS_REFER (1ULL << 13)
#endif
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif

#define READ_FILE LANDLOCK_ACCESS_FS_READ_FILE
#define READ_FOLDER (READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
/* A file without a name, which is given one, or one that is renamed. */
#define WRITE_FOLDER                                                           \
	(READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |                           \
	 LANDLOCK_ACCESS_FS_TRUNCATE | LANDLOCK_ACCESS_FS_MAKE_REG |           \
	 LANDLOCK_ACCESS_FS_REMOVE_FILE)

int landlock_version(void)
{
	long v = syscall(SYS_landlock_create_ruleset, NULL, 0,
			 LANDLOCK_CREATE_RULESET_VERSION);

	return v > 0 ? (int)v : 0;
}

/* Everything that this version knows of, so that all else is refused. */
static uint64_t all_rights(int version)
{
	uint64_t rights = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;

	if (version >= 2)
		rights |= LANDLOCK_ACCESS_FS_REFER;
	if (version >= 3)
		rights |= LANDLOCK_ACCESS_FS_TRUNCATE;
	return rights;
}

struct rules {
	int fd;
	uint64_t all;
	int error; /* the first that is ours, not the path's; or 0 */
};

/* What cannot be opened gives no rights, and its reader will say why. What
 * belongs to no file system (a pipe of the shell's) needs none. */
static void allow(struct rules *r, const char *path, uint64_t rights)
{
	struct landlock_path_beneath_attr rule = {
		.parent_fd = open(path, O_PATH | O_CLOEXEC),
		.allowed_access = rights & r->all,
	};
	struct stat st;

	if (rule.parent_fd < 0) {
		if (errno == EMFILE || errno == ENFILE || errno == ENOMEM)
			r->error = r->error ? r->error : errno;
		return;
	}
	/* a file has no rights of a folder */
	if (!fstat(rule.parent_fd, &st) && !S_ISDIR(st.st_mode))
		rule.allowed_access &=
			READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE;
	syscall(SYS_landlock_add_rule, r->fd, LANDLOCK_RULE_PATH_BENEATH, &rule,
		0);
	close(rule.parent_fd);
}

static void allow_schemas(void *ctx, const char *folder)
{
	allow(ctx, folder, READ_FOLDER);
}

/* The folder of a file, with its last slash; "./" where it names none. */
static size_t folder_length(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash - path) + 1 : 0;
}

static void allow_beside(struct rules *r, const char *path, const char *name,
			 uint64_t rights)
{
	struct buf b = { 0 };

	buf_add(&b, path, folder_length(path));
	buf_printf(&b, "./%s", name);
	if (!b.failed)
		allow(r, b.data, rights);
	else
		r->error = ENOMEM;
	buf_free(&b);
}

/* A program's modules lie in libraries' folders (see api/schema.c). */
static void allow_modules(struct rules *r, const char *path)
{
	char magic[SELFMAG];
	struct stat st;
	int fd;

	/* A pipe whose reader goes away again would be lost to its writer. */
	if (stat(path, &st) || !S_ISREG(st.st_mode))
		return;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return;
	if (pread(fd, magic, SELFMAG, 0) == SELFMAG &&
	    !memcmp(magic, ELFMAG, SELFMAG)) {
		allow_beside(r, path, "../lib", READ_FOLDER);
		allow_beside(r, path, "../lib64", READ_FOLDER);
	}
	close(fd);
}

bool landlock_enter(const struct sandbox *s)
{
	const char *tmp = secure_getenv("TMPDIR");
	const int version = landlock_version();
	struct rules r = { .all = all_rights(version) };
	const struct landlock_ruleset_attr attr = { .handled_access_fs =
							    r.all };
	bool ok;

	if (!version)
		return true;
	r.fd = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr),
			    0);
	if (r.fd < 0)
		return false;
	for (size_t i = 0; i < s->input_count; i++) {
		allow(&r, s->inputs[i], READ_FOLDER);
		allow_modules(&r, s->inputs[i]);
	}
	for (size_t i = 0; i < s->output_count; i++)
		allow_beside(&r, s->outputs[i], "", WRITE_FOLDER);
	if (s->device)
		allow(&r, s->device, READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE);
	schema_each_folder(allow_schemas, &r);
	/* what a pipe holds back, and pages of deltas */
	allow(&r, tmp && *tmp ? tmp : "/tmp", WRITE_FOLDER);
	/* how many processors there are */
	allow(&r, "/sys/devices/system/cpu", READ_FOLDER);
	ok = !r.error && !syscall(SYS_landlock_restrict_self, r.fd, 0);
	r.error = ok || r.error ? r.error : errno;
	close(r.fd);
	errno = r.error;
	return ok;
}

#else

int landlock_version(void)
{
	return 0;
}

bool landlock_enter(const struct sandbox *s)
{
	(void)s;
	return true;
}

#endif
