/*
** The decoder of answers. An accepted text in UTF-8 can be written and read
** again with the same value. As an answer of an operation it gives a value, or
** an error in one line without control characters.
*/
#include "state.h"

#include "binding/lanswer.h"
#include "core/engine.h"

static const char chunk[] =
  "local core = require 'codeocean.core'\n"
  "local json = require 'codeocean.json'\n"
  "return function(text)\n"
  "  local value, why = core.json_decode(text)\n"
  "  if value == nil then\n"
  "    assert(type(why) == 'string' and why:find('byte %d+'), why)\n"
  "    return\n"
  "  end\n"
  "  if not utf8.len(text) then return end\n"  /* read, but never written */
  "  local written = core.json_encode(value)\n"
  "  local read, wrong = core.json_decode(written)\n"
  "  assert(read ~= nil, wrong)\n"
  "  local again = core.json_encode(read)\n"
  "  assert(written == again, 'not the same: ' .. written .. again)\n"
  "end";


static int push_answer(lua_State *L) {
  co_transfer *transfer = lua_touserdata(L, 1);
  return cb_answer_push(L, transfer, 0);
}


static void check_facts(lua_State *L) {
  size_t length;
  MUST(lua_istable(L, -1));
  MUST(lua_getfield(L, -1, "message") == LUA_TSTRING);
  const char *text = lua_tolstring(L, -1, &length);
  for (size_t i = 0; i < length; i++)
    MUST((unsigned char)text[i] >= 0x20 && text[i] != 0x7F);
}


/* As the answer of an operation, with a status or without. */
static void answer(lua_State *L, const char *operation, co_kind kind,
                   const uint8_t *bytes, size_t length) {
  co_transfer *t = co_transfer_new(co_endpoint_find(operation), length + 1);
  MUST(t != NULL);
  co_buffer_add(&t->answer, (const char *)bytes, length);
  t->result.kind = kind;
  t->state = CO_DONE;
  lua_settop(L, 1);
  lua_pushcfunction(L, push_answer);
  lua_pushlightuserdata(L, t);
  MUST(lua_pcall(L, 1, LUA_MULTRET, 0) == LUA_OK);
  MUST(lua_gettop(L) == (lua_isnil(L, 2) ? 3 : 2));
  if (lua_isnil(L, 2)) check_facts(L);
  co_transfer_free(t);
}


int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
  lua_State *L = fuzz_state(chunk);
  fuzz_call(L, bytes, length);
  answer(L, "get", CO_KIND_OK, bytes, length);
  answer(L, "search", CO_KIND_OK, bytes, length);
  answer(L, "delete", CO_KIND_OK, bytes, length);
  answer(L, "get", CO_KIND_SERVER, bytes, length);
  lua_settop(L, 1);
  return 0;
}
