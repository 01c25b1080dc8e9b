/*
** The compiled-in Lua files as `require` and the script runner see them.
*/
#ifndef COLUA_LBUNDLE_H
#define COLUA_LBUNDLE_H

#include <lua.h>

/* Adds the C modules to package.preload and two searchers to
   package.searchers: for codeocean.* right behind preload, so that they win
   over package.path; for libraries of others at the very end. May raise. */
void co_bundle_install(lua_State *L);

/* Nonzero when `name`, the first word that is no option, is a command. */
int co_bundle_is_command(const char *name);

/* Pushes the command's chunk, or a message: the status of lua_load. */
int co_bundle_load_command(lua_State *L, const char *name);

/* The command whose name is nearest to `name`, or NULL when none is near. */
const char *co_bundle_nearest_command(const char *name);

#endif
