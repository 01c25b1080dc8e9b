/*
** Hashes of texts, and the seals of a journal's lines, for the Lua module
** codeocean.bulk.journal.seal. In C, since a journal of a million inputs has
** two million lines. Keeps nothing.
**
** A sealed line is a JSON object whose last member is "seal", the lower half of
** the hash of the line without it and of all lines before.
*/
#include "binding/lseal.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static const char member[] = ",\"seal\":\"";

enum {
  MEMBER = sizeof member - 1,
  HALF = 8, WHOLE = 16,   /* digits; earlier journals have whole hashes */
  SEAL = MEMBER + HALF + sizeof "\"}" - 1
};


static uint64_t hash_of(const char *text, size_t length, uint64_t hash) {
  for (size_t i = 0; i < length; i++) {
    hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3u;
  }
  return hash;
}


static void push_hash(lua_State *L, uint64_t hash) {
  lua_pushinteger(L, (lua_Integer)hash);
}


/* fnv(text [, hash]) -> integer: FNV-1a, 64 bits, as a signed number; `hash`
** is that of the text before this one */
static int seal_fnv(lua_State *L) {
  size_t length;
  const char *text = luaL_checklstring(L, 1, &length);
  uint64_t hash = 0xcbf29ce484222325u;
  if (!lua_isnoneornil(L, 2)) hash = (uint64_t)luaL_checkinteger(L, 2);
  push_hash(L, hash_of(text, length, hash));
  return 1;
}


/* Writes the lower <count> digits of the hash. */
static void write_digits(char *digits, size_t count, uint64_t hash) {
  for (size_t i = count; i > 0; i--, hash >>= 4)
    digits[i - 1] = "0123456789abcdef"[hash & 15];
}


/* seal(line, hash) -> the line, a JSON object that is not empty, with its seal
** in place of its last byte; and the hash behind it */
static int seal_seal(lua_State *L) {
  size_t length;
  luaL_Buffer b;
  const char *line = luaL_checklstring(L, 1, &length);
  uint64_t hash = (uint64_t)luaL_checkinteger(L, 2);
  luaL_argcheck(L, length > 0, 1, "not an object");
  hash = hash_of(line, length, hash);
  luaL_buffinitsize(L, &b, length + SEAL);
  luaL_addlstring(&b, line, length - 1);
  luaL_addlstring(&b, member, MEMBER);
  write_digits(luaL_prepbuffsize(&b, HALF), HALF, hash);
  luaL_addsize(&b, HALF);
  luaL_addlstring(&b, "\"}", 2);
  luaL_pushresult(&b);
  push_hash(L, hash);
  return 2;
}


/* Whether the digits are the hash; if they are fewer, its lower digits. */
static bool is_hash(const char *digits, size_t count, uint64_t hash) {
  char expected[WHOLE];
  write_digits(expected, count, hash);
  return memcmp(digits, expected, count) == 0;
}


/* Whether the line has a valid seal of <digits> digits. *hash is the hash
** before the line, and becomes the hash behind it. */
static bool is_sealed(const char *line, size_t length, size_t digits,
                      uint64_t *hash) {
  size_t size = MEMBER + digits + sizeof "\"}" - 1;
  if (length < size) return false;
  const char *seal = line + length - size;
  if (memcmp(seal, member, MEMBER) != 0) return false;
  if (memcmp(seal + MEMBER + digits, "\"}", 2) != 0) return false;
  *hash = hash_of(line, length - size, *hash);
  *hash = hash_of("}", 1, *hash);
  return is_hash(seal + MEMBER, digits, *hash);
}


/* unseal(line, hash) -> the hash behind a sealed line; nil if it is not the one
** that was sealed at this place */
static int seal_unseal(lua_State *L) {
  size_t length;
  const char *line = luaL_checklstring(L, 1, &length);
  uint64_t before = (uint64_t)luaL_checkinteger(L, 2), half = before;
  uint64_t whole = before;
  if (is_sealed(line, length, HALF, &half)) push_hash(L, half);
  else if (is_sealed(line, length, WHOLE, &whole)) push_hash(L, whole);
  else lua_pushnil(L);
  return 1;
}


const luaL_Reg cb_seal_functions[] = {
  {"fnv",    seal_fnv},
  {"seal",   seal_seal},
  {"unseal", seal_unseal},
  {NULL, NULL}
};
