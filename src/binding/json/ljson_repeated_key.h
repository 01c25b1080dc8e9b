/*
** Refuses keys that stand twice in an object: two readers of such a text may
** see two values. Only texts that a person wrote are checked; in a server's
** answer the last value counts.
*/
#ifndef LJSON_REPEATED_KEY_H
#define LJSON_REPEATED_KEY_H

#include <lua.h>
#include <stdbool.h>

#include "core/text/json.h"

/* Whether the object at the top does not have the key yet, a string at index
** `key`. If it has, the text fails and the message is pushed. Nulls must still
** be in the object. */
bool cb_json_is_new_key(lua_State *L, co_json *text, int key);

/* Removes the nulls from the object at the top. */
void cb_json_drop_nulls(lua_State *L);

#endif
