/*
** Reads the table that codeocean.config made and checked, at index 1, for
** lengine.c. The texts are valid while they are on the stack; the engine copies
** them.
*/
#ifndef LCONFIG_H
#define LCONFIG_H

#include <lua.h>

#include "core/engine.h"

/* Reads the domain. Returns NULL, or what is wrong with it (a static text). */
const char *cb_config_read_address(lua_State *L, co_address *address);

/* Reads everything but the address. Pushes the texts and leaves them there. */
void cb_config_read(lua_State *L, co_config *config);

#endif
