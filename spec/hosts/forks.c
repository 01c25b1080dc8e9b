/*
** fork() for the specs, which stock Lua has not: fork() -> true in the child;
** in the parent nothing, once the child has ended with status 0.
*/
#include <lauxlib.h>
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


int luaopen_forks(lua_State *L) {
  lua_pushcfunction(L, spec_fork);
  return 1;
}
