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

/* Returns the module, and lets `require` find the modules codeocean and
** codeocean.*. The state's standard libraries must have been opened:
**
**   luaL_openlibs(L);
**   luaL_requiref(L, "codeocean", luaopen_codeocean, 0);
**
** Only codeocean.bulk's `main` needs lua-argparse too. Any number of states in
** any number of threads may have the module; objects of one state must stay in
** that state's thread. */
int luaopen_codeocean(lua_State *L);

#ifdef __cplusplus
}
#endif

#endif
