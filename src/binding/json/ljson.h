/*
** JSON for Lua, exact and strict where lua-cjson 2.1.0 is not: 64-bit
** integers both ways, lists that stay lists, nothing accepted or written
** that is not JSON. Shares lua-cjson's null and array marks.
*/
#ifndef LJSON_H
#define LJSON_H

#include <lauxlib.h>
#include <lua.h>
#include <stdbool.h>

#include "core/text/buffer.h"
#include "core/endpoint.h"
#include "core/text/json.h"

enum { CB_JSON_DEPTH = CO_JSON_DEPTH };

/* An answer with assets, which the reader converts to the canonical form
** (lasset_form.h). */
typedef struct cb_json_form {
  bool page;    /* the assets are in `results`; else the text is one asset */
  int fields;   /* stack index of a set of the fields wanted; 0: all. Other
                ** fields are checked and left out. */
} cb_json_form;

/* How plain JSON is read; flags. */
enum {
  CB_JSON_NULLS = 1,   /* a null field is kept, as a light userdata NULL */
  CB_JSON_UNIQUE = 2   /* a key that stands twice in an object is an error */
};

/* Pushes the value of the text and returns true, or pushes a message and
** returns false. bytes[length] must be NUL. `form` is NULL for plain JSON, the
** only one that takes flags. */
bool cb_json_read(lua_State *L, const char *bytes, size_t length,
                  const cb_json_form *form, int flags);

typedef struct cb_writer {
  lua_State *L;
  co_buffer *out;
  co_buffer *secrets;   /* or NULL */
  const char *what;     /* "create", or NULL for plain values */
  int list_depth;       /* from here on an empty table is a list; 0: none */
} cb_writer;

/*
** Writes the value at idx. Keys are written in the order of `rows` (NULL:
** none), then the others, sorted. A value with a row is checked against it. If
** `open` is false, a key without a row raises. Texts of rows marked secret are
** added to `secrets`. A value that cannot be written raises a message with
** `what`, the path in the value, and the reason.
*/
void cb_json_write(cb_writer *writer, int idx, const co_param *rows, bool open);

/* Makes the marks that reader and writer need, once for each state. */
void cb_json_open(lua_State *L);

/* The functions of codeocean.json, for the module's table. */
extern const luaL_Reg cb_json_functions[];

#endif
