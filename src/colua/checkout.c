/*
** Finds the checkout that this executable was built in, if it is still there.
*/
#include "colua/checkout.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* build/colua and build/asan/colua: no more folders than these. */
enum { MAX_DEPTH = 2 };


static int read_own_path(char *path, size_t size) {
  ssize_t n = readlink("/proc/self/exe", path, size - 1);
  if (n <= 0 || (size_t)n >= size - 1) return -1;
  path[n] = '\0';
  return 0;
}


/* Cuts the last part off `path` and returns it; NULL at the top. */
static const char *cut_last(char *path) {
  char *slash = strrchr(path, '/');
  if (slash == NULL || slash == path) return NULL;
  *slash = '\0';
  return slash + 1;
}


/* Whether another user can have put the sources there: the folder is writable
** by all, as /tmp is, and the sources do not belong to the executable's owner.
*/
static int may_be_planted(const char *root) {
  char path[PATH_MAX];
  struct stat own, folder, sources;
  int n = snprintf(path, sizeof path, "%s/lua", root);
  if (n <= 0 || (size_t)n >= sizeof path || stat(path, &sources) != 0 ||
      stat(root, &folder) != 0 || stat("/proc/self/exe", &own) != 0)
    return 1;
  return (folder.st_mode & S_IWOTH) != 0 && sources.st_uid != own.st_uid;
}


static int has_sources(const char *root) {
  char path[PATH_MAX];
  int n = snprintf(path, sizeof path, "%s/lua/codeocean/init.lua", root);
  return n > 0 && (size_t)n < sizeof path && access(path, R_OK) == 0;
}


/* Cuts `path` to the folder that holds build*. 0; -1 if it is no checkout. */
static int find_root(char *path, size_t size) {
  if (read_own_path(path, size) != 0 || cut_last(path) == NULL) return -1;
  for (int depth = 0; depth < MAX_DEPTH; depth++) {
    const char *folder = cut_last(path);
    if (folder == NULL) return -1;
    if (strncmp(folder, "build", 5) == 0)
      return has_sources(path) && !may_be_planted(path) ? 0 : -1;
  }
  return -1;
}


const char *cl_checkout_root(void) {
  static char root[PATH_MAX];
  static enum { UNKNOWN, NONE, FOUND } state = UNKNOWN;
  if (state == UNKNOWN)
    state = find_root(root, sizeof root) == 0 ? FOUND : NONE;
  return state == FOUND ? root : NULL;
}
