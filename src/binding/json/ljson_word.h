/*
** Short strings of a JSON text, of which many come again: each is made a Lua
** string once and kept on the stack, until another has its place.
*/
#ifndef LJSON_WORD_H
#define LJSON_WORD_H

#include <lua.h>
#include <stddef.h>

#include "core/text/json.h"

enum { CB_JSON_WORDS = 64 };   /* as many as cb_json_hash has values */

typedef struct cb_json_words {
  int slot;                 /* stack index of the first */
  struct {
    const char *bytes;      /* in the text, the closing quote the last */
    size_t size;            /* 0: there is none */
  } kept[CB_JSON_WORDS];
} cb_json_words;

/* Of a string's first and last bytes, its closing quote the last of them.
** `end` is the text's. */
unsigned cb_json_hash(const char *bytes, size_t size, const char *end);

/* Pushes the string without escapes that starts there; the text is at the
** byte behind its closing quote. */
void cb_json_push_word(lua_State *L, cb_json_words *words, const char *start,
                       const co_json *text);

#endif
