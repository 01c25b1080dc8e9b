/*
** fork() for the specs, which stock Lua has not.
**   fork()             -> true in the child; in the parent nothing, once the
**                         child has ended with status 0
**   fork.replace(fd)   does what a daemon does: puts another file (one end of
**                         a pipe) under that number
**   fork.is_pipe(fd)   -> boolean
*/
#include <lauxlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

int luaopen_forks(lua_State *L);


static int spec_fork(lua_State *L) {
  int status = 0;
  pid_t child = fork();
  if (child < 0) return luaL_error(L, "no fork");
  lua_pushboolean(L, child == 0);
  if (child == 0) return 1;
  if (waitpid(child, &status, 0) != child || status != 0)
    return luaL_error(L, "the child ended with status %d", status);
  return 0;
}


static int spec_replace(lua_State *L) {
  int ends[2], fd = (int)luaL_checkinteger(L, 1);
  if (pipe(ends) != 0 || dup2(ends[0], fd) != fd)
    return luaL_error(L, "no pipe");
  return 0;
}


static int spec_is_pipe(lua_State *L) {
  struct stat facts;
  int fd = (int)luaL_checkinteger(L, 1);
  lua_pushboolean(L, fstat(fd, &facts) == 0 && S_ISFIFO(facts.st_mode));
  return 1;
}


static int call_fork(lua_State *L) {
  lua_remove(L, 1);
  return spec_fork(L);
}


static const luaL_Reg functions[] = {
  {"replace", spec_replace},
  {"is_pipe", spec_is_pipe},
  {NULL, NULL}
};


int luaopen_forks(lua_State *L) {
  luaL_newlib(L, functions);
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, call_fork);
  lua_setfield(L, -2, "__call");
  lua_setmetatable(L, -2);
  return 1;
}
