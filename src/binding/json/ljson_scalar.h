#ifndef LJSON_SCALAR_H
#define LJSON_SCALAR_H

#include <lua.h>

#include "core/text/json.h"

/* Pushes what stands between two quotes and was found to be a string. */
void cb_json_push_escaped(lua_State *L, const char *start, const char *end);

/* Pushes the number that starts there and returns true, or returns false with
** what is wrong in the text. One beyond 64-bit integers or floats is marked
** (ljson_mark.h). */
bool cb_json_read_number(lua_State *L, co_json *text);

#endif
