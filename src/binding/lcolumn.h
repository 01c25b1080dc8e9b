/*
** "codeocean.column": a value for each input of a bulk run, in few bytes.
*/
#ifndef LCOLUMN_H
#define LCOLUMN_H

#include <lua.h>

/* Registers the type, once for each state. */
void cb_column_open(lua_State *L);

/* column([words]) -> a column. */
int cb_column_new(lua_State *L);

#endif
