/*
** The compiled-in Lua files, for `require` and for running commands; and hints
** for a word that is no command or option.
*/
#ifndef COLUA_LBUNDLE_H
#define COLUA_LBUNDLE_H

#include <lua.h>

/* Key in the registry: whether a script or a command runs. */
#define CL_BUNDLE_HAS_SCRIPT "colua.has_script"

/* Adds the C modules to package.preload and two searchers to
   package.searchers. The one for codeocean.* and colua.* stands right behind
   preload, so that these win over package.path; the one for third-party
   libraries stands at the end. May raise. */
void cl_bundle_install(lua_State *L);

/* Keeps the environment's present token, so that messages of the library and
   of colua mask it also after an option has replaced it. May raise. */
void cl_bundle_keep_token(lua_State *L);

/* Nonzero if `name`, the first word that is not an option, is a command. */
int cl_bundle_is_command(const char *name);

/* Pushes the command's chunk or a message; returns the status of lua_load. */
int cl_bundle_load_command(lua_State *L, const char *name);

/* Pushes and returns a question that names the command nearest to `name`, or
   `otherwise` if none is near. May raise. */
const char *cl_bundle_push_hint(lua_State *L, const char *name,
                                const char *otherwise);

/* Pushes and returns a hint for `bad`, which is no option of colua or lacks its
   value: the nearest option, or where a command's own option stands. `argv`
   ends with NULL. May raise. */
const char *cl_bundle_push_option_hint(lua_State *L, const char *bad,
                                       char **argv);

#endif
