/*
** The process that serves a database file and those that have joined it:
** F.server and its two locks. The locks belong to the open file and not to the
** process. So they also work between two sandboxes of one process, and closing
** another descriptor of the file does not drop them.
*/
#include "sandbox/claim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define SUFFIX ".server"
#define FIRST_LINE "codeocean sandbox 1\n"
#define FORMAT FIRST_LINE "pid %d\nurl %s\ntoken %s\nestate %s\nend\n"
#define PATTERN FIRST_LINE "pid %*d url %63s token %255s estate %32s en%1[d]"
#define MAX_FILE 1000
#define TAKEN "is locked by another process"
#define PATIENCE 30.0   /* seconds that a server may take to start or end */
#define TICK 10000000   /* nanoseconds between two tests */

/* The byte of the file that a lock is on. */
enum { SERVER, USERS };

struct sb_claim {
  int fd;
  char path[];   /* of F.server */
};


static int set_lock(int fd, int byte, short type, int command) {
  struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = byte,
                       .l_len = 1};
  return fcntl(fd, command, &lock);
}


/* Whether another open file has a write lock on that byte. */
static bool is_held(int fd, int byte) {
  struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET,
                       .l_start = byte, .l_len = 1};
  return fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}


static void pause_a_tick(void) {
  nanosleep(&(struct timespec){.tv_nsec = TICK}, NULL);
}


/* The path of a file that does not exist yet, with the links of its directory
** resolved; or NULL and errno. */
static char *resolve_new(const char *path) {
  char *full = NULL, *directory = NULL, *copy = strdup(path);
  char *slash = copy ? strrchr(copy, '/') : NULL;
  const char *name = slash ? slash + 1 : copy;
  if (slash) *slash = '\0';
  if (copy) directory = realpath(!slash ? "." : *copy ? copy : "/", NULL);
  if (directory && asprintf(&full, "%s/%s", directory, name) < 0) full = NULL;
  free(directory);
  free(copy);
  return full;
}


/* The path without links, so that two names of one database share one F.server;
** or NULL and a message. */
static char *resolve(const char *path, sb_text *error) {
  struct stat info;
  char *full = realpath(path, NULL);
  if (full) return full;
  if (errno == ENOENT && lstat(path, &info) == 0) {
    sb_text_puts(error, "is a symbolic link to nothing");
    return NULL;
  }
  if (errno == ENOENT) full = resolve_new(path);
  if (!full) sb_text_puts(error, strerror(errno));
  return full;
}


static sb_claim *new_claim(const char *database, sb_text *error) {
  char *full = resolve(database, error);
  if (!full) return NULL;
  size_t size = strlen(full) + sizeof SUFFIX;
  sb_claim *claim = malloc(sizeof *claim + size);
  if (claim) {
    claim->fd = -1;
    snprintf(claim->path, size, "%s" SUFFIX, full);
  }
  free(full);
  return claim;
}


static void free_claim(sb_claim *claim) {
  if (claim && claim->fd >= 0) close(claim->fd);
  free(claim);
}


static ssize_t read_file(int fd, char text[static MAX_FILE + 1]) {
  ssize_t length = pread(fd, text, MAX_FILE, 0);
  text[length > 0 ? length : 0] = '\0';
  return length;
}


/* Reads the address that F.server has while its server takes requests; false
** while the server starts or ends. */
static bool read_address(int fd, sb_address *at) {
  char text[MAX_FILE + 1], end[2];
  read_file(fd, text);
  return sscanf(text, PATTERN, at->url, at->token, at->estate, end) == 4;
}


/* Whether a sandbox of this user wrote the open file, or it is empty. */
static bool is_ours(int fd) {
  struct stat info;
  char text[MAX_FILE + 1];
  if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)
      || info.st_uid != geteuid() || info.st_nlink > 1)
    return false;
  ssize_t length = read_file(fd, text);
  return length == 0
         || strncmp(text, FIRST_LINE, sizeof FIRST_LINE - 1) == 0;
}


/* Whether the path still leads to the open file, which an earlier server may
** have removed. */
static bool is_current(const sb_claim *claim) {
  struct stat there, here;
  return stat(claim->path, &there) == 0 && fstat(claim->fd, &here) == 0
         && there.st_dev == here.st_dev && there.st_ino == here.st_ino;
}


/* Opens F.server, and makes it if it is not there. False and a message if it
** cannot be opened or is not a sandbox's. */
static bool open_own(sb_claim *claim, sb_text *error) {
  claim->fd = open(claim->path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK
                   | O_CLOEXEC, 0600);
  if (claim->fd < 0)
    sb_text_printf(error, "%s: %s", claim->path, strerror(errno));
  else if (!is_ours(claim->fd))
    sb_text_printf(error, "%s: is not a sandbox's and is in its way",
                   claim->path);
  else
    return true;
  return false;
}


/* Whether another process serves the file; if so, writes the message. False
** while that process starts or ends: F.server has no address then, or the
** process holds the lock of the users. */
static bool is_served_elsewhere(const sb_claim *claim, sb_text *error) {
  sb_address at;
  if (is_held(claim->fd, USERS) || !is_current(claim)
      || !read_address(claim->fd, &at))
    return false;
  sb_text_printf(error, TAKEN ", which serves it at %s", at.url);
  return true;
}


/* Returns 1 if claimed; 0 to try again: the file was replaced, or its server is
** starting or ending; -1 and a message. */
static int try_claim(sb_claim *claim, sb_text *error) {
  if (!open_own(claim, error)) return -1;
  bool locked = set_lock(claim->fd, SERVER, F_WRLCK, F_OFD_SETLK) == 0;
  if (locked && is_current(claim)) return 1;
  if (!locked && is_served_elsewhere(claim, error)) return -1;
  close(claim->fd);
  claim->fd = -1;
  if (!locked) pause_a_tick();
  return 0;
}


/* Also empties F.server, which may have the address of an earlier server. */
sb_claim *sb_claim_acquire(const char *database, sb_text *error) {
  double until = sb_monotonic() + PATIENCE;
  sb_claim *claim = new_claim(database, error);
  int claimed = claim ? 0 : -1;
  while (claimed == 0 && sb_monotonic() < until)
    claimed = try_claim(claim, error);
  if (claimed == 1 && ftruncate(claim->fd, 0) == 0) return claim;
  if (claimed == 0) sb_text_puts(error, TAKEN);
  free_claim(claim);
  return NULL;
}


int sb_claim_publish(sb_claim *claim, const sb_address *address) {
  char text[MAX_FILE];
  int length = snprintf(text, sizeof text, FORMAT, (int)getpid(),
                        address->url, address->token, address->estate);
  if (fchmod(claim->fd, 0600) != 0) return -1;
  return pwrite(claim->fd, text, (size_t)length, 0) == length ? 0 : -1;
}


void sb_claim_withdraw(sb_claim *claim) {
  /* If this fails, a process that wants the file is told that it is served. */
  if (claim && ftruncate(claim->fd, 0) != 0) return;
}


bool sb_claim_wait_alone(sb_claim *claim) {
  return set_lock(claim->fd, USERS, F_WRLCK, F_OFD_SETLKW) == 0;
}


void sb_claim_release(sb_claim *claim) {
  if (!claim) return;
  unlink(claim->path);
  free_claim(claim);
}


/* Returns 1 if joined; 0 while the server starts or ends; -1 if no process
** serves the file. */
static int try_join(sb_claim *claim, sb_address *at) {
  if (!is_held(claim->fd, SERVER)) return -1;
  if (set_lock(claim->fd, USERS, F_RDLCK, F_OFD_SETLK) != 0) return 0;
  if (read_address(claim->fd, at) && is_held(claim->fd, SERVER)) return 1;
  set_lock(claim->fd, USERS, F_UNLCK, F_OFD_SETLK);
  return 0;
}


sb_claim *sb_claim_join(const char *database, sb_address *address,
                        sb_text *error) {
  double until = sb_monotonic() + PATIENCE;
  sb_claim *claim = new_claim(database, error);
  if (!claim) return NULL;
  claim->fd = open(claim->path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  int joined = claim->fd >= 0 && is_ours(claim->fd) ? 0 : -1;
  while (joined == 0) {
    joined = try_join(claim, address);
    if (joined == 0 && sb_monotonic() > until) joined = -1;
    if (joined == 0) pause_a_tick();
  }
  if (joined == 1) return claim;
  sb_text_puts(error, "no sandbox serves it");
  free_claim(claim);
  return NULL;
}


bool sb_claim_is_served(const sb_claim *claim) {
  return is_held(claim->fd, SERVER);
}


void sb_claim_leave(sb_claim *claim) {
  free_claim(claim);
}
