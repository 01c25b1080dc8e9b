/*
** The module codeocean inside a C program: libcodeocean.a holds its C part
** and its Lua files. What a host links:
**
**   cc host.c $(pkg-config --cflags --libs codeocean)
**
** that is -lcodeocean, then Lua 5.4, libcurl, -lm and -lpthread.
*/
#ifndef CODEOCEAN_H
#define CODEOCEAN_H

#include <lua.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Returns the module; `require` finds it and codeocean.* from then on. The
** state needs Lua's standard libraries, opened before:
**
**   luaL_openlibs(L);
**   luaL_requiref(L, "codeocean", luaopen_codeocean, 0);
**
** Only the commands (codeocean.bulk's main) want lua-argparse beside it. Any
** number of states may have it, in any number of threads; what belongs to
** one state stays in that state's thread. */
int luaopen_codeocean(lua_State *L);

#ifdef __cplusplus
}
#endif

#endif
