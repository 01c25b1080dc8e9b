/*
** Makes Lua values of an answer's bytes, or a table of facts of a failure.
**
** The transfer's userdata is on the caller's stack, so its answer stays while
** finalizers run. Texts are used only while their Lua strings are on the stack.
** All tables read here were made here: they have no metamethods.
*/
#include "binding/lanswer.h"

#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

#include "binding/json/ljson.h"
#include "binding/json/ljson_mark.h"
#include "core/engine.h"
#include "core/text/html.h"
#include "core/text/utf8.h"
#include "lua_compat.h"

enum { EXCERPT = 100, MESSAGE = 400 };


/* Values ----------------------------------------------------------------- */

/* Whether the table at the top is an object: only lists have a metatable. */
static bool is_object(lua_State *L) {
  if (!lua_istable(L, -1)) return false;
  if (!lua_getmetatable(L, -1)) return true;
  lua_pop(L, 1);
  return false;
}


/* Whether the page at the top has a list of results. Some servers send an empty
** list as null, or leave `results` out beside has_more: then it is made []. */
static bool has_results(lua_State *L) {
  int type = lua_getfield(L, -1, "results");
  bool is_list = type == LUA_TTABLE && !is_object(L);
  lua_pop(L, 1);
  if (type != LUA_TNIL) return is_list;
  bool is_page = lua_getfield(L, -1, "has_more") == LUA_TBOOLEAN;
  lua_pop(L, 1);
  if (!is_page) return false;
  lua_newtable(L);
  cb_json_push_array_mark(L);
  lua_setmetatable(L, -2);
  lua_setfield(L, -2, "results");
  return true;
}


/* For an operation that answers with nothing. Pushes true for an empty text and
** for a 404 that counts as done; else the text must be an object, which is
** pushed: a login page with status 200 must not pass for a deletion. */
static const char *push_nothing(lua_State *L, const co_transfer *t) {
  const char *text = t->answer.length > 0 ? t->answer.bytes : "";
  bool blank = strspn(text, " \t\r\n") == t->answer.length;
  if (blank || t->result.status == 404) {
    lua_pushboolean(L, 1);
    return NULL;
  }
  if (!cb_json_read(L, text, t->answer.length, NULL, 0))
    return lua_tostring(L, -1);
  return is_object(L) ? NULL : "the answer is neither empty nor an object";
}


/* Pushes the bytes of a file; or returns what is wrong: a storage that ignores
** the range sends the file from its beginning. */
static const char *push_bytes(lua_State *L, const co_transfer *t) {
  if (*t->range != '\0' && t->result.status != 206)
    return "the storage does not serve a part of the file";
  lua_pushlstring(L, t->answer.length > 0 ? t->answer.bytes : "",
                  t->answer.length);
  return NULL;
}


/* Pushes the value and returns NULL, or returns a message. */
static const char *push_value(lua_State *L, const co_transfer *t, int fields) {
  co_answer answer = t->endpoint->answer;
  cb_json_form form = {.page = answer == CO_PAGE, .fields = fields};
  if (answer == CO_NOTHING) return push_nothing(L, t);
  if (answer == CO_BYTES) return push_bytes(L, t);
  if (t->answer.length == 0) return "the answer is empty";
  if (!cb_json_read(L, t->answer.bytes, t->answer.length,
                    answer == CO_OBJECT ? NULL : &form, 0))
    return lua_tostring(L, -1);
  if (!is_object(L)) return "the answer is not a JSON object";
  if (answer == CO_PAGE && !has_results(L))
    return "the answer has no list of results";
  return NULL;
}


/* Failures --------------------------------------------------------------- */

static void add_hex(luaL_Buffer *b, const char *bytes, size_t count) {
  char hex[8];
  for (size_t i = 0; i < count; i++) {
    snprintf(hex, sizeof hex, "\\x%02X", (unsigned)(unsigned char)bytes[i]);
    luaL_addstring(b, hex);
  }
}


/* Pushes the text as one line of about `most` bytes, for journals and reports:
** without control characters, and valid UTF-8. */
static void push_line(lua_State *L, const char *text, size_t length,
                      size_t most) {
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  for (size_t i = 0, n; i < length && i < most; i += n) {
    size_t control = co_utf8_control(text + i, length - i);
    size_t whole = co_utf8_length(text + i, length - i);
    n = control > 0 ? control : whole > 0 ? whole : 1;
    if (control == 0 && whole > 0) luaL_addlstring(&b, text + i, n);
    else if (text[i] && strchr("\n\r\t", text[i])) luaL_addchar(&b, ' ');
    else add_hex(&b, text + i, n);
  }
  if (length > most) luaL_addstring(&b, "...");
  luaL_pushresult(&b);
}


/* Pushes the text of {"message": …}, {"error": …} or {"detail": …}; false: the
** body at the top has none of them. */
static bool push_server_message(lua_State *L) {
  static const char *const names[] = {"message", "error", "detail"};
  size_t length;
  if (!is_object(L)) return false;
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    if (lua_getfield(L, -1, names[i]) == LUA_TSTRING) {
      const char *text = lua_tolstring(L, -1, &length);
      push_line(L, text, length, MESSAGE);
      lua_remove(L, -2);
      return true;
    }
    lua_pop(L, 1);
  }
  return false;
}


static bool is_page(const co_transfer *t) {
  return co_html_is_page(t->answer.bytes, t->answer.length);
}


/* Pushes the start of the text; of a web page its title or first words. */
static void push_excerpt(lua_State *L, const co_transfer *t) {
  char words[EXCERPT + 1];
  const char *text = t->answer.bytes;
  size_t length = t->answer.length;
  if (is_page(t)) {
    length = co_html_words(text, length, words, sizeof words);
    text = words;
  }
  if (length == 0) lua_pushliteral(L, "");
  else push_line(L, text, length, EXCERPT);
}


/* Pushes the message of the failure. If the body is JSON, sets facts.data to
** the decoded body. The facts are at the top. */
static void push_message(lua_State *L, const co_transfer *t) {
  int facts = lua_gettop(L);
  const char *text = t->answer.length > 0 ? t->answer.bytes : "";
  bool good = cb_json_read(L, text, t->answer.length, NULL, 0);
  bool said = good && push_server_message(L);
  if (!said && t->result.message[0] != '\0')
    push_line(L, t->result.message, strlen(t->result.message), MESSAGE);
  else if (!said)
    push_excerpt(L, t);
  if (good) {
    lua_pushvalue(L, facts + 1);
    lua_setfield(L, facts, "data");
  }
  lua_replace(L, facts + 1);
  lua_settop(L, facts + 1);
}


static void set_text(lua_State *L, const char *field, const char *text) {
  lua_pushstring(L, text);
  lua_setfield(L, -2, field);
}


static void push_facts(lua_State *L, const co_transfer *t) {
  const co_result *r = &t->result;
  lua_createtable(L, 0, 11);
  set_text(L, "kind", co_kind_name(r->kind));
  set_text(L, "operation", co_endpoint_called(t->endpoint));
  set_text(L, "outcome", co_outcome_name(r->outcome));
  lua_pushboolean(L, t->endpoint->writes);
  lua_setfield(L, -2, "writes");
  lua_pushinteger(L, t->attempt.number);
  lua_setfield(L, -2, "attempts");
  if (r->status != 0) {
    lua_pushinteger(L, r->status);
    lua_setfield(L, -2, "status");
  }
  if (is_page(t)) {
    lua_pushboolean(L, 1);
    lua_setfield(L, -2, "gateway");
  }
  if (r->stale) {
    lua_pushboolean(L, 1);
    lua_setfield(L, -2, "stale");
  }
  if (r->retry_after >= 0) {
    lua_pushnumber(L, r->retry_after);
    lua_setfield(L, -2, "retry_after");
  }
}


static int push_failure(lua_State *L, const co_transfer *t) {
  luaL_pushfail(L);
  push_facts(L, t);
  push_message(L, t);
  lua_setfield(L, -2, "message");
  return 2;
}


/* Pushes a failure of kind decode, for a 2xx whose body this API did not write:
** a login page, a cut text. A write may have been done. */
static int push_decode_failure(lua_State *L, co_transfer *t, const char *why) {
  co_transfer_fail(t, CO_KIND_DECODE, CO_OUTCOME_UNKNOWN, "");
  co_transfer_mask(t);
  luaL_pushfail(L);
  push_facts(L, t);
  push_excerpt(L, t);
  lua_pushfstring(L, "%s: \"%s\"", why, lua_tostring(L, -1));
  lua_setfield(L, -3, "message");
  lua_pop(L, 1);
  return 2;
}


int cb_answer_push(lua_State *L, co_transfer *t, int fields) {
  luaL_checkstack(L, 16, "answer");
  if (t->result.kind != CO_KIND_OK) return push_failure(L, t);
  const char *why = push_value(L, t, fields);
  return why == NULL ? 1 : push_decode_failure(L, t, why);
}
