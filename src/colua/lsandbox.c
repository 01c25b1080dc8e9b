/*
** Starts codeocean.sandbox for this process. If its assets are in memory, the
** server runs in this process; if they are in a file, in another process, which
** is started or joined. Knows the module's Lua interface and the names of the
** environment variables, but not the protocol.
**
** Pointers kept across calls that can run Lua: `file` points into argv; texts
** from Lua are on the stack while they are used.
*/
#include "colua/lsandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* The number of assets of a new estate. */
enum { SEED = 1000 };


/* Whether the database is new and is to be seeded; an existing one keeps its
** assets. */
static int is_new(const char *file) {
  struct stat info;
  return file == NULL || stat(file, &info) != 0 || info.st_size == 0;
}


static void push_settings(lua_State *L, const char *file) {
  lua_newtable(L);
  lua_pushstring(L, file ? file : ":memory:");
  lua_setfield(L, -2, "db");
  if (!is_new(file)) return;
  lua_pushinteger(L, SEED);
  lua_setfield(L, -2, "seed");
}


/* Starts a sandbox in this process; the module is at index `module`. Pushes the
** sandbox and nil, or nil and the message. */
static void start(lua_State *L, int module, const char *file) {
  lua_getfield(L, module, "start");
  push_settings(L, file);
  lua_call(L, 1, 2);
}


/*
** The server of a file is a process of its own, so that several commands can
** use it, in turn or at once, as in a pipe. The server ends when the last
** command has ended.
*/

/* In the child: sets up standard input, which ends when the parent has joined
** or died, and standard output, for an error message. Closes all other
** descriptors of the parent, above all ends of pipes. */
static void leave_parent(int from_parent, int to_parent) {
  int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  setsid();
  dup2(from_parent, STDIN_FILENO);
  dup2(to_parent, STDOUT_FILENO);
  dup2(nowhere, STDERR_FILENO);
  /* close_range() itself is in glibc from 2.34 on. */
  syscall(__NR_close_range, STDERR_FILENO + 1, ~0U, 0);
}


/* In the child: serves the file until no process uses it any more. */
static int serve(lua_State *L) {
  int module = 1;
  char byte;
  start(L, module, lua_tostring(L, 2));
  if (lua_isnil(L, -2)) return luaL_error(L, "%s", lua_tostring(L, -1));
  dup2(STDERR_FILENO, STDOUT_FILENO);
  while (read(STDIN_FILENO, &byte, 1) > 0) {}
  dup2(STDERR_FILENO, STDIN_FILENO);
  lua_getfield(L, -2, "wait_alone");
  lua_pushvalue(L, -3);
  lua_call(L, 1, 0);
  lua_getfield(L, -2, "stop");
  lua_pushvalue(L, -3);
  lua_call(L, 1, 0);
  return 0;
}


static void serve_and_exit(lua_State *L, int module, const char *file) {
  lua_pushcfunction(L, serve);
  lua_pushvalue(L, module);
  lua_pushstring(L, file);
  if (lua_pcall(L, 2, 0, 0) != LUA_OK) {
    const char *message = lua_tostring(L, -1);
    if (message) dprintf(STDOUT_FILENO, "%s", message);
  }
  _exit(EXIT_SUCCESS);
}


/* In the child: starts the process that serves, which is then no child of the
** parent, and ends. */
static void fork_server(lua_State *L, int module, const char *file) {
  pid_t server = fork();
  if (server == 0) serve_and_exit(L, module, file);
  if (server < 0) dprintf(STDOUT_FILENO, "%s", strerror(errno));
  _exit(EXIT_SUCCESS);
}


/* Reads the child's error message; empty if it serves. */
static void read_message(int fd, char *message, size_t size) {
  size_t length = 0;
  ssize_t count;
  while (length < size - 1
         && (count = read(fd, message + length, size - 1 - length)) > 0)
    length += (size_t)count;
  message[length] = '\0';
}


/* Starts a child that serves the file. Returns a descriptor, which keeps the
** child alive until this process has joined and closed it. `message` gets the
** child's error; it is empty if the child serves. */
static int spawn(lua_State *L, int module, const char *file, char *message,
                 size_t size) {
  int down[2], up[2];
  if (pipe2(down, O_CLOEXEC) != 0 || pipe2(up, O_CLOEXEC) != 0)
    luaL_error(L, "cannot start the sandbox: %s", strerror(errno));
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) {
    leave_parent(down[0], up[1]);
    fork_server(L, module, file);
  }
  if (child < 0) dprintf(up[1], "%s", strerror(errno));
  close(down[0]);
  close(up[1]);
  if (child > 0) waitpid(child, NULL, 0);
  read_message(up[0], message, size);
  close(up[0]);
  return down[1];
}


/* Joins the process that serves the file: pushes its sandbox, or nil. */
static int join(lua_State *L, int module, const char *file) {
  lua_getfield(L, module, "join");
  lua_pushstring(L, file);
  lua_call(L, 1, 1);
  return !lua_isnil(L, -1);
}


/* Pushes the sandbox of the process that serves the file; starts one if none
** does. Tries several times: the serving process may end between two steps, and
** other processes may start one at the same time. */
static void join_or_spawn(lua_State *L, int module, const char *file) {
  enum { ATTEMPTS = 5 };
  char message[512] = "";
  for (int i = 0; i < ATTEMPTS; i++) {
    if (join(L, module, file)) return;
    int hold = spawn(L, module, file, message, sizeof message);
    int joined = join(L, module, file);
    close(hold);
    if (joined) return;
    lua_settop(L, module);
  }
  luaL_error(L, "cannot start the sandbox: %s", message);
}


static void open_sandbox(lua_State *L, const char *file) {
  int module = lua_gettop(L);
  if (file != NULL) {
    join_or_spawn(L, module, file);
    return;
  }
  start(L, module, NULL);
  if (lua_isnil(L, -2))
    luaL_error(L, "cannot start the sandbox: %s", luaL_tolstring(L, -1, NULL));
  lua_pop(L, 1);
}


/* Sets an environment variable to a field of the object at the top. */
static void export_field(lua_State *L, const char *field,
                         const char *variable) {
  lua_getfield(L, -1, field);
  const char *value = lua_tostring(L, -1);
  if (value == NULL || setenv(variable, value, 1) != 0)
    luaL_error(L, "cannot set %s", variable);
  lua_pop(L, 1);
}


void cl_sandbox_start(lua_State *L, const char *file) {
  int top = lua_gettop(L);
  lua_getglobal(L, "require");
  lua_pushliteral(L, "codeocean.sandbox");
  lua_call(L, 1, 1);
  open_sandbox(L, file);
  export_field(L, "url", "CODEOCEAN_DOMAIN");
  export_field(L, "token", "CODEOCEAN_TOKEN");
  unsetenv("CODEOCEAN_PROFILE");
  export_field(L, "estate", "CODEOCEAN_SANDBOX");
  lua_setfield(L, LUA_REGISTRYINDEX, "colua.sandbox");
  lua_settop(L, top);
}
