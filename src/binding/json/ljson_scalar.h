#ifndef LJSON_SCALAR_H
#define LJSON_SCALAR_H

#include <lua.h>

#include "core/text/json.h"

/* Pushes the string between two quotes, which has been checked, with its
** escapes undone. */
void cb_json_push_escaped(lua_State *L, const char *start, const char *end);

/* Pushes the number at text->at and returns true, or sets text->why and returns
** false. A number beyond 64-bit integers and floats becomes a marked table
** (ljson_mark.h). */
bool cb_json_read_number(lua_State *L, co_json *text);

#endif
