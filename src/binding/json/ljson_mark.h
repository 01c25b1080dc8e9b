/*
** Metatables that mark JSON values for which Lua has no type.
*/
#ifndef LJSON_MARK_H
#define LJSON_MARK_H

#include <lua.h>
#include <stdbool.h>
#include <stddef.h>

/* Makes the metatable of numbers, once for each state. */
void cb_json_mark_open(lua_State *L);

/* Pushes the metatable that marks a list. */
void cb_json_push_array_mark(lua_State *L);

void cb_json_push_empty_list(lua_State *L);

/* Pushes an empty list that stands for one the text does not have: it is read
** and written as [], and can be told from a list that was there. */
void cb_json_push_absent_list(lua_State *L);

/* Whether the table at idx is marked as a list. */
bool cb_json_has_array_mark(lua_State *L, int idx);

/* json_is_absent(value) -> whether it is a list that the text did not have. */
int cb_json_is_absent(lua_State *L);

/* json_share(array_mt, empty_array), for the module's table. */
int cb_json_mark_share(lua_State *L);

/* Pushes a number beyond 64-bit integers and floats as a table {digits = text},
** which the writer writes unchanged. */
void cb_json_push_number(lua_State *L, const char *digits, size_t length);

/* The digits of such a number at idx, and their length; NULL if the value is no
** such number. The digits live as long as the table. */
const char *cb_json_number_digits(lua_State *L, int idx, size_t *length);

#endif
