/*
** "codeocean.journal_file": the file of a journal or a plan. It is append-only,
** private to its owner, locked against a second process, and durable after
** sync; Lua's own files are not.
**
** No call that can run Lua comes between the check that the descriptor is open
** and its use.
*/
#include "binding/ljournal_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "binding/lfile.h"
#include "binding/ltype.h"
#include "lua_compat.h"

static const char *const type_name = "codeocean.journal_file";

typedef struct journal_file {
  int fd;  /* -1: closed */
} journal_file;


static journal_file *check_open(lua_State *L) {
  journal_file *self = cb_type_check(L, 1, type_name);
  if (self->fd < 0) luaL_error(L, "the file is closed");
  return self;
}


/* journal_file() -> one that is not open. It is in the caller's variable before
** it has a descriptor or a lock, so an error at any point leaves neither
** behind. */
static int file_new(lua_State *L) {
  journal_file *self = lua_newuserdatauv(L, sizeof *self, 0);
  self->fd = -1;
  luaL_setmetatable(L, type_name);
  return 1;
}


static int open_file(lua_State *L, int flags) {
  journal_file *self = luaL_checkudata(L, 1, type_name);
  const char *path = luaL_checkstring(L, 2);
  luaL_argcheck(L, self->fd < 0, 1, "the file is open already");
  flags |= O_RDWR | O_APPEND | O_NOFOLLOW;
  int fd = cb_file_open_regular(path, flags);
  if (fd < 0) return cb_file_push_errno(L, errno);
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    int code = errno;
    close(fd);
    return cb_file_push_errno(L, code);
  }
  self->fd = fd;
  lua_pushboolean(L, 1);
  return 1;
}


/* file:create(path) -> true: a new file, locked; or nil, message, errno
** (EEXIST: the file exists). Its name outlives a power cut when it
** returns. */
static int file_create(lua_State *L) {
  int results = open_file(L, O_CREAT | O_EXCL);
  if (results == 1) cb_file_sync_name(lua_tostring(L, 2));
  return results;
}


/* file:open(path) -> true: an existing file, locked, its content unchanged; or
** nil, message, errno (EWOULDBLOCK: another process has it; ELOOP: it is a
** symbolic link, which may lead to another user's file; EINVAL: it is not a
** regular file) */
static int file_open(lua_State *L) {
  return open_file(L, 0);
}


/* file:is_of(other) -> whether `other`, an open Lua file, is this file: another
** file may have taken its place under the same name */
static int file_is_of(lua_State *L) {
  luaL_Stream *stream = luaL_checkudata(L, 2, LUA_FILEHANDLE);
  luaL_argcheck(L, stream->closef != NULL, 2, "an open file expected");
  struct stat own, other;
  lua_pushboolean(L, fstat(check_open(L)->fd, &own) == 0 &&
                     fstat(fileno(stream->f), &other) == 0 &&
                     own.st_dev == other.st_dev && own.st_ino == other.st_ino);
  return 1;
}


/* journal_file_busy(path) -> whether another process has the file open as a
** journal file. It is opened for reading only. */
static int journal_file_busy(lua_State *L) {
  int fd = cb_file_open_regular(luaL_checkstring(L, 1), O_RDONLY);
  bool busy = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) != 0 &&
              errno == EWOULDBLOCK;
  if (fd >= 0) close(fd);
  lua_pushboolean(L, busy);
  return 1;
}


/* file:size() -> its length in bytes; or nil, message, errno */
static int file_size(lua_State *L) {
  struct stat facts;
  if (fstat(check_open(L)->fd, &facts) != 0)
    return cb_file_push_errno(L, errno);
  lua_pushinteger(L, facts.st_size);
  return 1;
}


/* file:truncate(bytes) -> true; or nil, message, errno. For a file whose last
** line was cut by a crash: `bytes` is the length of the whole lines. */
static int file_truncate(lua_State *L) {
  const journal_file *self = check_open(L);
  if (ftruncate(self->fd, (off_t)luaL_checkinteger(L, 2)) != 0)
    return cb_file_push_errno(L, errno);
  lua_pushboolean(L, 1);
  return 1;
}


/* file:fresh() -> whether it is still as create() made it: private and empty */
static int file_fresh(lua_State *L) {
  struct stat facts;
  lua_pushboolean(L, fstat(check_open(L)->fd, &facts) == 0 &&
                     S_ISREG(facts.st_mode) && facts.st_size == 0 &&
                     facts.st_uid == geteuid() &&
                     (facts.st_mode & 077) == 0);
  return 1;
}


/* file:append(text) -> true; or nil, message, errno */
static int file_append(lua_State *L) {
  size_t left;
  const char *text = luaL_checklstring(L, 2, &left);
  const journal_file *self = check_open(L);
  while (left > 0) {
    ssize_t n = write(self->fd, text, left);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return cb_file_push_errno(L, errno);
    text += n;
    left -= (size_t)n;
  }
  lua_pushboolean(L, 1);
  return 1;
}


/* file:sync() -> true once everything appended survives a power cut; or nil,
** message, errno */
static int file_sync(lua_State *L) {
  if (fdatasync(check_open(L)->fd) != 0) return cb_file_push_errno(L, errno);
  lua_pushboolean(L, 1);
  return 1;
}


/* file:close(), __gc, __close; also releases the lock */
static int file_close(lua_State *L) {
  journal_file *self = cb_type_check(L, 1, type_name);
  int fd = self->fd;
  self->fd = -1;
  if (fd >= 0) close(fd);
  return 0;
}


static const luaL_Reg methods[] = {
  {"create",   file_create},
  {"open",     file_open},
  {"is_of",    file_is_of},
  {"append",   file_append},
  {"fresh",    file_fresh},
  {"size",     file_size},
  {"sync",     file_sync},
  {"truncate", file_truncate},
  {"close",    file_close},
  {NULL, NULL}
};

const luaL_Reg cb_journal_file_functions[] = {
  {"journal_file",      file_new},
  {"journal_file_busy", journal_file_busy},
  {NULL, NULL}
};


void cb_journal_file_open_type(lua_State *L) {
  cb_type_open(L, type_name, file_close, methods);
}
