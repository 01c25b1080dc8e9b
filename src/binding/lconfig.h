/*
** Reads the table that codeocean.config made and checked, at index 1, for
** lengine.c. The texts are the table's: valid as long as it is on the stack
** and nobody changes it; the engine copies them.
*/
#ifndef LCONFIG_H
#define LCONFIG_H

#include <lua.h>

#include "core/engine.h"

/* NULL, or what is wrong with the domain (a static text). */
const char *cb_config_read_address(lua_State *L, co_address *address);

/* Everything but the address. Pushes the texts and leaves them there. */
void cb_config_read(lua_State *L, co_config *config);

#endif
