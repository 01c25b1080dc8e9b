/*
** The compiled-in Lua files, for `require` and for running commands.
*/
#ifndef COLUA_LBUNDLE_H
#define COLUA_LBUNDLE_H

#include <lua.h>

/* Key in the registry: whether a script or a command runs. */
#define CO_BUNDLE_HAS_SCRIPT "colua.has_script"

/* Adds the C modules to package.preload and two searchers to
   package.searchers: for codeocean.* right behind preload, so that they win
   over package.path; for libraries of others at the very end. May raise. */
void cl_bundle_install(lua_State *L);

/* Nonzero if `name`, the first word that is not an option, is a command. */
int cl_bundle_is_command(const char *name);

/* Pushes the command's chunk or a message; returns the status of lua_load. */
int cl_bundle_load_command(lua_State *L, const char *name);

/* Pushes the name of the command nearest to `name` and returns it, or pushes
   nil and returns NULL if none is near. May raise. */
const char *cl_bundle_push_nearest_command(lua_State *L, const char *name);

#endif
