/*
** Keys that stand twice in an object. Two readers of such a text may see two
** values, so a text that a person wrote is refused for it.
*/
#ifndef LJSON_ONCE_H
#define LJSON_ONCE_H

#include <lua.h>
#include <stdbool.h>

#include "core/text/json.h"

/* Whether the object at the top has no value of the key, a string at index
** `key`; if it has one, the text fails and the message is pushed. Nulls must be
** in the object. */
bool cb_json_once(lua_State *L, co_json *text, int key);

/* Takes the nulls out of the object at the top. */
void cb_json_drop_nulls(lua_State *L);

#endif
