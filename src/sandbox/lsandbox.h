/*
** The Lua side of the sandbox: lsandbox.c has the module and its object,
** ljoin.c the object for the server of another process, lwait.c the wait of
** both, loptions.c and lfault.c read tables, limport.c copies an estate.
*/
#ifndef SB_LSANDBOX_H
#define SB_LSANDBOX_H

#include <lauxlib.h>
#include <lua.h>

#include "sandbox/http/server.h"

/* A field that a table may have, and the member of a struct for its value. In
** the struct a real and a count (a whole number) are a double, an integer is an
** int64_t. */
typedef enum sb_type {
  SB_TEXT, SB_REAL, SB_COUNT, SB_INTEGER, SB_FLAG
} sb_type;

typedef struct sb_field {
  const char *name;
  sb_type type;
  size_t offset;
  lua_Number least, most;    /* of a number */
} sb_field;

/* Pushes a copy of the table at `index` (not relative), made with raw access.
** No other code can reach the copy. Returns its index. */
int sb_fields_copy(lua_State *L, int index);

/* Reads the copy at `index` into the struct `to`. Raises for a key that has no
** row and is not one of `others`; the message names the function `what`. Texts
** belong to the copy. */
void sb_fields_read(lua_State *L, int index, const char *what,
                    const sb_field *rows, const char *const *others, void *to);

/* Raises an error for `key`, which is not a field. Names the nearest field. */
int sb_field_unknown(lua_State *L, const char *what, const char *key,
                     const sb_field *rows, const char *const *others);

/* The end of a message about `word`, which is not in the list at the top of the
** stack: "; did you mean 'x'?", which stays on the stack, or "" if no name is
** near. Leaves other values on the stack too. */
const char *sb_push_hint(lua_State *L, const char *word);

/* Raises "bad field 'key' to 'what' (message)". Does not return. */
int sb_field_error(lua_State *L, const char *what, const char *key,
                   const char *message);

/* Reads start { … }. The texts in the config belong to values on the stack. */
void sb_options_read(lua_State *L, int index, sb_config *config);

/* Reads sandbox:fault { … }, in the same way. */
void sb_fault_read(lua_State *L, int index, sb_fault *fault);

/* Blocks for the seconds in argument 2 (nil: without end) or until a signal
** comes: lwait.c. Lua's hook runs after the function has returned. */
void sb_wait(lua_State *L);

/* The functions import and imported of the module: limport.c. */
int sb_import(lua_State *L);
int sb_imported(lua_State *L);

/* The function join of the module, and its object's metatable: ljoin.c. */
int sb_join(lua_State *L);
void sb_join_open(lua_State *L);

#endif
