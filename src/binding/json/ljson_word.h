/*
** Short strings of a JSON text, of which many are equal: a Lua string is made
** once and kept on the stack until another takes its place.
*/
#ifndef LJSON_WORD_H
#define LJSON_WORD_H

#include <lua.h>
#include <stddef.h>

#include "core/text/json.h"

enum { CB_JSON_WORDS = 64 };   /* cb_json_hash has as many values */

typedef struct cb_json_words {
  int slot;                 /* stack index of the first */
  struct {
    const char *bytes;      /* in the text; the last is the closing quote */
    size_t size;            /* 0: the place is empty */
  } kept[CB_JSON_WORDS];
} cb_json_words;

/* A hash of a string's first and last bytes; `size` includes its closing quote.
** `end` is the end of the text. */
unsigned cb_json_hash(const char *bytes, size_t size, const char *end);

/* Pushes the string (without escapes) from `start` to the closing quote before
** text->at. */
void cb_json_push_word(lua_State *L, cb_json_words *words, const char *start,
                       const co_json *text);

#endif
