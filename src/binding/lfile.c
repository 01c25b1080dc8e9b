/*
** Functions for files and folders that Lua's library lacks: they make private
** files, open regular files only, and make files and names outlive a power cut.
** Called through codeocean.core; ljournal_file.c opens its files here.
**
** The arguments stay on the stack of the call, and an open folder is a userdata
** there that no Lua value refers to. So neither can be freed while a finalizer
** runs.
*/
#include "binding/lfile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "binding/ltype.h"
#include "lua_compat.h"

static const char *const folder_name = "codeocean.folder";


void cb_file_sync_name(const char *path) {
  char folder[4096 + 1] = ".";
  const char *slash = strrchr(path, '/');
  size_t length = slash == NULL || slash == path ? 1 : (size_t)(slash - path);
  if (length >= sizeof folder) return;
  if (slash != NULL) memcpy(folder, path, length);
  folder[length] = '\0';
  int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  (void)!fsync(fd);
  close(fd);
}


int cb_file_open_regular(const char *path, int flags) {
  struct stat facts;
  int links = flags & O_NOFOLLOW ? AT_SYMLINK_NOFOLLOW : 0;
  bool known = !(flags & O_EXCL) &&
               fstatat(AT_FDCWD, path, &facts, links) == 0;
  if (known && !S_ISREG(facts.st_mode) && !S_ISLNK(facts.st_mode)) {
    errno = EINVAL;
    return -1;
  }
  int fd = open(path, flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0600);
  if (fd >= 0 && (fstat(fd, &facts) != 0 || !S_ISREG(facts.st_mode))) {
    close(fd);
    errno = EINVAL;
    return -1;
  }
  return fd;
}


/* make_folder(path) -> true; or nil, message. The new folder is private to its
** owner and outlives a power cut; the folders above it must exist. */
static int file_make_folder(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  bool is_made = mkdir(path, 0700) == 0;
  if (is_made || errno == EEXIST) {
    if (is_made) cb_file_sync_name(path);
    lua_pushboolean(L, 1);
    return 1;
  }
  luaL_pushfail(L);
  lua_pushstring(L, strerror(errno));
  return 2;
}


/* open_to_others(file) -> whether another user may do anything with it */
static int file_open_to_others(lua_State *L) {
  luaL_Stream *stream = luaL_checkudata(L, 1, LUA_FILEHANDLE);
  struct stat facts;
  int fd = stream->closef == NULL ? -1 : fileno(stream->f);
  lua_pushboolean(L, fd >= 0 && fstat(fd, &facts) == 0 &&
                     (facts.st_mode & 077) != 0);
  return 1;
}


/* replaceable(path) -> whether a new file may take that place: true for a
** regular file or nothing, false for a device, a pipe or a folder */
static int file_replaceable(lua_State *L) {
  struct stat facts;
  lua_pushboolean(L, stat(luaL_checkstring(L, 1), &facts) != 0 ||
                     S_ISREG(facts.st_mode));
  return 1;
}


/* folder_problem(path) -> the reason for which no file can be made in that
** folder, and the errno; nil if one can be made. Nothing is made. */
static int file_folder_problem(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  struct stat facts;
  int code = ENOTDIR;
  if (stat(path, &facts) != 0) code = errno;
  else if (S_ISDIR(facts.st_mode))
    code = faccessat(AT_FDCWD, path, W_OK | X_OK, AT_EACCESS) ? errno : 0;
  if (code == 0) return 0;
  lua_pushstring(L, strerror(code));
  lua_pushinteger(L, code);
  return 2;
}


/* absolute(path) -> the file's path from the root, without links; nil if it
** does not exist */
static int file_absolute(lua_State *L) {
  char path[4096 + 1];
  if (realpath(luaL_checkstring(L, 1), path) == NULL) return 0;
  lua_pushstring(L, path);
  return 1;
}


int cb_file_push_errno(lua_State *L, int code) {
  luaL_pushfail(L);
  lua_pushstring(L, strerror(code));
  lua_pushinteger(L, code);
  return 3;
}


static int stream_close(lua_State *L) {
  luaL_Stream *stream = luaL_checkudata(L, 1, LUA_FILEHANDLE);
  return luaL_fileresult(L, fclose(stream->f) == 0, NULL);
}


/* Pushes a Lua file that is not open yet. Once open, it is closed when an error
** unwinds past it. */
static luaL_Stream *push_file(lua_State *L) {
  luaL_Stream *stream = lua_newuserdatauv(L, sizeof *stream, 0);
  stream->closef = NULL;
  stream->f = NULL;
  luaL_setmetatable(L, LUA_FILEHANDLE);
  return stream;
}


/* A Lua file over the descriptor, which the file owns then; or nil, message,
** errno, and the descriptor is closed. `stream` is on the stack's top. */
static int open_stream(lua_State *L, luaL_Stream *stream, int fd,
                       const char *mode) {
  stream->f = fdopen(fd, mode);
  if (stream->f == NULL) {
    int code = errno;
    close(fd);
    return cb_file_push_errno(L, code);
  }
  stream->closef = stream_close;
  return 1;
}


/* open_regular(path [, append]) -> the regular file, open for reading; or, if
** `append`, for writing behind its end, which creates a private file where
** there is none and follows no link. Or nil, message, errno (EINVAL: it is not
** a regular file) */
static int file_open_regular(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  bool append = lua_toboolean(L, 2);
  luaL_Stream *stream = push_file(L);
  int fd = cb_file_open_regular(path, append
    ? O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW : O_RDONLY);
  if (fd < 0) return cb_file_push_errno(L, errno);
  return open_stream(L, stream, fd, append ? "ab" : "rb");
}


/* create_file(path [, like [, private]]) -> a new file, open for writing, with
** the permissions of the file `like` if that exists; if `private`, for its
** owner only. Or nil, message, errno (EEXIST: a file or link is there, and
** stays) */
static int file_create(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  const char *like = luaL_optstring(L, 2, NULL);
  bool private = lua_toboolean(L, 3);
  struct stat facts;
  luaL_Stream *stream = push_file(L);
  int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                private ? 0600 : 0666);
  if (fd < 0) return cb_file_push_errno(L, errno);
  if (!private && like != NULL && stat(like, &facts) == 0)
    (void)!fchmod(fd, facts.st_mode & 0777);
  int results = open_stream(L, stream, fd, "wb");
  if (results != 1) unlink(path);
  return results;
}


/* sync_file(file) -> true once what was written is on the disk; or nil,
** message, errno. True at once for a file that cannot be synced, such as a
** pipe. */
static int file_sync(lua_State *L) {
  luaL_Stream *stream = luaL_checkudata(L, 1, LUA_FILEHANDLE);
  luaL_argcheck(L, stream->closef != NULL, 1, "an open file expected");
  if (fflush(stream->f) != 0) return cb_file_push_errno(L, errno);
  if (fsync(fileno(stream->f)) != 0 && errno != EINVAL && errno != ENOTSUP)
    return cb_file_push_errno(L, errno);
  lua_pushboolean(L, 1);
  return 1;
}


/* is_link(path) -> whether it is a symbolic link, even a dangling one */
static int file_is_link(lua_State *L) {
  struct stat facts;
  lua_pushboolean(L, lstat(luaL_checkstring(L, 1), &facts) == 0 &&
                     S_ISLNK(facts.st_mode));
  return 1;
}


/* rename_new(from, to) -> true; or nil, message, errno (EEXIST: `to` exists,
** even as a dangling link, and stays as it is) */
static int file_rename_new(lua_State *L) {
  const char *from = luaL_checkstring(L, 1), *to = luaL_checkstring(L, 2);
  if (link(from, to) != 0) return cb_file_push_errno(L, errno);
  unlink(from);
  lua_pushboolean(L, 1);
  return 1;
}


static int folder_close(lua_State *L) {
  DIR **folder = luaL_checkudata(L, 1, folder_name);
  if (*folder != NULL) closedir(*folder);
  *folder = NULL;
  return 0;
}


/* Pushes a folder, which is closed when an error unwinds past it. */
static DIR **push_folder(lua_State *L) {
  DIR **folder = lua_newuserdatauv(L, sizeof *folder, 0);
  *folder = NULL;
  luaL_setmetatable(L, folder_name);
  return folder;
}


/* list_folder(path) -> names of its entries, unsorted; or nil, message,
** errno */
static int file_list_folder(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  DIR **folder = push_folder(L);
  *folder = opendir(path);
  if (*folder == NULL) return cb_file_push_errno(L, errno);
  const struct dirent *entry;
  lua_newtable(L);
  for (lua_Integer i = 1; (entry = readdir(*folder)) != NULL; i++) {
    lua_pushstring(L, entry->d_name);
    lua_rawseti(L, -2, i);
  }
  closedir(*folder);
  *folder = NULL;
  return 1;
}


void cb_file_open_type(lua_State *L) {
  cb_type_open(L, folder_name, folder_close, NULL);
}


const luaL_Reg cb_file_functions[] = {
  {"open_to_others", file_open_to_others},
  {"replaceable",    file_replaceable},
  {"folder_problem", file_folder_problem},
  {"absolute",       file_absolute},
  {"open_regular",   file_open_regular},
  {"create_file",    file_create},
  {"sync_file",      file_sync},
  {"is_link",        file_is_link},
  {"rename_new",     file_rename_new},
  {"make_folder",    file_make_folder},
  {"list_folder",    file_list_folder},
  {NULL, NULL}
};
