/*
** Keeps short strings for reuse. They are on the reader's stack; the bytes that
** they are compared with are in the reader's text.
*/
#include "binding/json/ljson_word.h"

#include <stdint.h>
#include <string.h>

enum { LONGEST = 24 };   /* longer strings are ids and names: never kept */


unsigned cb_json_hash(const char *bytes, size_t size, const char *end) {
  uint64_t head = 0, tail = 0;
  if (end - bytes >= 8) memcpy(&head, bytes, sizeof head);
  if (size >= 8) memcpy(&tail, bytes + size - 8, sizeof tail);
  else head <<= 64 - 8 * size;
  return (unsigned)((head + tail * 31) * 0x9E3779B97F4A7C15 >> 58);
}


/* Pushes a new string, and keeps it in place of the one before. */
static void push_new(lua_State *L, cb_json_words *words, unsigned place,
                     const char *start, size_t size) {
  lua_pushlstring(L, start, size - 1);
  lua_copy(L, -1, words->slot + (int)place);
  words->kept[place].bytes = start;
  words->kept[place].size = size;
}


void cb_json_push_word(lua_State *L, cb_json_words *words, const char *start,
                       const co_json *text) {
  size_t size = (size_t)(text->at - start);
  if (size > LONGEST) {
    lua_pushlstring(L, start, size - 1);
    return;
  }
  unsigned place = cb_json_hash(start, size, text->end);
  bool known = words->kept[place].size == size &&
               memcmp(words->kept[place].bytes, start, size) == 0;
  if (known) lua_pushvalue(L, words->slot + (int)place);
  else push_new(L, words, place, start, size);
}
