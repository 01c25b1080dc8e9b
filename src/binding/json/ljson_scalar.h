/*
** Lua values of the strings and numbers in a JSON text. Called by ljson_read.c.
*/
#ifndef LJSON_SCALAR_H
#define LJSON_SCALAR_H

#include <lua.h>

#include "core/text/json.h"

/* Pushes the string from `start` to before the quote that has just been read,
** with its escapes undone. If text->utf8, U+FFFD stands for bytes that are not
** UTF-8. */
void cb_json_push_escaped(lua_State *L, const char *start, const co_json *text);

/* Pushes the number at text->at and returns true, or sets text->why and returns
** false. A number beyond 64-bit integers and floats becomes a marked table
** (ljson_mark.h). */
bool cb_json_read_number(lua_State *L, co_json *text);

#endif
