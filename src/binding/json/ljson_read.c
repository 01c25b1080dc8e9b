/*
** The JSON reader: makes Lua values in one pass. Integers are exact. An answer
** has few different keys, in the same order in each object, so each key becomes
** a Lua string once and is kept on the stack. So do short values: tags, states.
**
** The caller's stack keeps the text alive, as a string or in a transfer. Tables
** that are read from are made here or read without metamethods.
*/
#include <lauxlib.h>
#include <stdint.h>
#include <string.h>

#include "binding/lasset_form.h"
#include "binding/json/ljson.h"
#include "binding/json/ljson_mark.h"
#include "binding/json/ljson_repeated_key.h"
#include "binding/json/ljson_scalar.h"
#include "binding/json/ljson_word.h"
#include "core/text/json.h"
#include "core/text/utf8.h"
#include "lua_compat.h"

enum {
  KEYS = 64,
  KEY_MAX = 40,      /* longer keys are not kept */
  UNKEPT = 0,        /* the place of a key that is not kept */
  TRIES = 4,         /* number of places that a key may have */
  SHORT = 1024,      /* no strings are kept for a text shorter than this */
  AHEAD = 16,        /* elements on the stack before their list is made */
  MEMBERS_MAX = 64,  /* most members that an object is allocated for */
  MEMBERS_FIRST = 4, /* members that a key's first object is allocated for */
  MEMBERS_ASSET = 16
};

/* A key of this text, and what is known of its values. */
typedef struct key {
  const char *bytes;         /* in the text; the last is its closing quote */
  size_t size;               /* 0: not kept */
  const cb_asset_field *field;  /* the field of an asset, or NULL */
  bool wanted;               /* the caller wants the field */
  bool renamed;              /* the canonical form has another name */
  bool results;
  uint8_t next;              /* the key that followed it last */
  uint8_t first;             /* the first key of its last object value */
  uint8_t members;           /* the number of keys of that object */
} key;

typedef struct reader {
  lua_State *L;
  co_json text;
  const cb_json_form *form;
  int assets;          /* depth of the objects that are assets; 0: none */
  int mark;            /* stack index of the array mark */
  int strings;         /* stack index of the first key */
  bool keeps;          /* keys and short values are kept on the stack */
  int flags;           /* of plain JSON */
  key keys[KEYS + 1];
  cb_json_words words;
} reader;

typedef struct object {
  bool is_asset, has_id, has_tags, names_tags, has_nulls;
  unsigned members;
  uint8_t *link;       /* where the next key is expected to be */
} object;

static bool read_value(reader *r, int of);


static bool fail(reader *r, const char *why) {
  return co_json_fail(&r->text, why);
}


static bool read_string(reader *r) {
  bool escaped;
  const char *start = ++r->text.at;
  if (!co_json_string(&r->text, &escaped)) return false;
  if (escaped) cb_json_push_escaped(r->L, start, &r->text);
  else if (r->keeps) cb_json_push_word(r->L, &r->words, start, &r->text);
  else lua_pushlstring(r->L, start, (size_t)(r->text.at - start) - 1);
  return true;
}


/* Lists ------------------------------------------------------------------ */

static bool read_element(reader *r, int of) {
  co_json_space(&r->text);
  if (r->text.depth + 1 == r->assets && *r->text.at != '{')
    return fail(r, "a result that is not an asset");
  return read_value(r, of);
}


/* Pushes up to AHEAD elements; *more: others follow. */
static bool read_first(reader *r, int of, int *count, bool *more) {
  *more = !co_json_accept(&r->text, ']');
  while (*more && *count < AHEAD) {
    if (!read_element(r, of)) return false;
    ++*count;
    *more = co_json_accept(&r->text, ',');
    if (!*more && !co_json_accept(&r->text, ']'))
      return fail(r, "a comma or ] is missing");
  }
  return true;
}


static bool read_rest(reader *r, int of, lua_Integer n) {
  do {
    if (!read_element(r, of)) return false;
    lua_rawseti(r->L, -2, ++n);
  } while (co_json_accept(&r->text, ','));
  return co_json_accept(&r->text, ']') || fail(r, "a comma or ] is missing");
}


/* A null in a list is kept (as json.null), so that the list has no hole. */
static bool read_list(reader *r, int of) {
  lua_State *L = r->L;
  int count = 0;
  bool more;
  if (!co_json_enter(&r->text)) return false;
  luaL_checkstack(L, AHEAD + 8, "JSON");
  lua_pushnil(L);
  int list = lua_gettop(L);
  if (!read_first(r, of, &count, &more)) return false;
  lua_createtable(L, count, 0);
  lua_pushvalue(L, r->mark);
  lua_setmetatable(L, -2);
  lua_replace(L, list);
  for (int i = count; i > 0; i--) lua_rawseti(L, list, i);
  if (more && !read_rest(r, of, count)) return false;
  r->text.depth--;
  return true;
}


/* Keys ------------------------------------------------------------------- */

static bool is_wanted(reader *r, const key *k) {
  if (r->form->fields == 0) return true;
  if (k->field == NULL) lua_pushvalue(r->L, -1);
  else lua_pushstring(r->L, k->field->form);
  bool wanted = lua_rawget(r->L, r->form->fields) != LUA_TNIL;
  lua_pop(r->L, 1);
  return wanted || (k->field != NULL && k->field->kind == CB_ASSET_ID);
}


/* Fills in what the form says about a key, whose string is at the top. */
static void classify(reader *r, key *k) {
  size_t length;
  const char *name = lua_tolstring(r->L, -1, &length);
  if (r->form == NULL) return;
  k->field = cb_asset_field_find(name, length);
  k->results = length == 7 && memcmp(name, "results", 7) == 0;
  k->renamed = k->field != NULL && strcmp(name, k->field->form) != 0;
  k->wanted = is_wanted(r, k);
}


static bool is_at(const key *k, const char *at, const char *end) {
  return k->size > 0 && k->size <= (size_t)(end - at) &&
         memcmp(k->bytes, at, k->size) == 0;
}


static void store_key(reader *r, int place, const char *start, bool escaped) {
  key *k = &r->keys[place];
  size_t size = (size_t)(r->text.at - start);
  *k = (key){.bytes = start, .size = place == UNKEPT ? 0 : size,
             .next = UNKEPT, .first = UNKEPT, .members = MEMBERS_FIRST};
  if (escaped) cb_json_push_escaped(r->L, start, &r->text);
  else lua_pushlstring(r->L, start, size - 1);
  classify(r, k);
  lua_replace(r->L, r->strings + place);
}


/* The place where a key is kept, or can be kept. */
static int place_of(const reader *r, const char *start, size_t size) {
  unsigned place = 0, hash = cb_json_hash(start, size, r->text.end);
  for (unsigned i = 0; i < TRIES; i++) {
    place = 1 + (hash + i) % KEYS;
    const key *k = &r->keys[place];
    if (k->size == 0 || is_at(k, start, r->text.at)) break;
  }
  return (int)place;
}


/* The place of the key whose opening quote was just read; -1: an error. */
static int find_key(reader *r) {
  bool escaped;
  const char *start = r->text.at;
  if (!co_json_string(&r->text, &escaped)) return -1;
  size_t size = (size_t)(r->text.at - start);
  bool kept = r->keeps && !escaped && size <= KEY_MAX;
  int place = kept ? place_of(r, start, size) : UNKEPT;
  if (!is_at(&r->keys[place], start, r->text.at))
    store_key(r, place, start, escaped);
  return place;
}


/* Reads a key and returns its place; -1: an error. The key at the place
** `expected` is tried first. */
static int read_key(reader *r, int expected) {
  const key *k = &r->keys[expected];
  if (!co_json_accept(&r->text, '"')) {
    fail(r, "a key must be a string");
    return -1;
  }
  if (!is_at(k, r->text.at, r->text.end)) return find_key(r);
  r->text.at += k->size;
  return expected;
}


/* Objects ---------------------------------------------------------------- */

/* Whether the key is a page's `results`, whose null is an empty list. */
static bool is_results(const reader *r, int place) {
  return r->keys[place].results && r->form != NULL && r->form->page &&
         r->text.depth == 1;
}


/* Pushes the key and reads the value. */
static bool read_pair(reader *r, int place, object *o) {
  const key *k = &r->keys[place];
  if (o->is_asset && k->renamed) lua_pushstring(r->L, k->field->form);
  else lua_pushvalue(r->L, r->strings + place);
  co_json_space(&r->text);
  if (*r->text.at != 'n') return read_value(r, place);
  o->has_nulls = true;
  if (is_results(r, place)) cb_json_push_empty_list(r->L);
  else if (r->flags != 0) lua_pushlightuserdata(r->L, NULL);
  else lua_pushnil(r->L);
  return co_json_word(&r->text, "null");
}


/* Stores the pair at the top. The numbers of an asset have two spellings: a
** null in one does not replace the value in the other. */
static void store(reader *r, const cb_asset_field *field) {
  bool number = field != NULL && field->kind == CB_ASSET_NUMBER;
  if (number && lua_isnil(r->L, -1)) lua_pop(r->L, 2);
  else lua_rawset(r->L, -3);
}


static void convert_field(lua_State *L, object *o,
                          const cb_asset_field *field) {
  cb_asset_convert(L, field);
  if (field->kind == CB_ASSET_ID) o->has_id = lua_type(L, -1) == LUA_TSTRING;
  if (field->kind != CB_ASSET_TAGS) return;
  o->names_tags = true;
  o->has_tags = !lua_isnil(L, -1);
}


static bool read_member(reader *r, object *o) {
  if (o->is_asset) r->text.odd = NULL;    /* of what was skipped */
  int place = read_key(r, *o->link);
  if (place < 0) return false;
  key *k = &r->keys[place];
  *o->link = (uint8_t)place;
  o->link = &k->next;
  if (!co_json_accept(&r->text, ':')) return fail(r, "a colon is missing");
  if (o->is_asset && !k->wanted) return co_json_skip(&r->text);
  if (r->form != NULL && r->form->page && r->text.depth == 1)
    r->assets = k->results ? 3 : 0;
  if ((r->flags & CB_JSON_UNIQUE) != 0 && o->members > 0 &&
      !cb_json_is_new_key(r->L, &r->text, r->strings + place)) return false;
  const cb_asset_field *field = o->is_asset ? k->field : NULL;
  if (!read_pair(r, place, o)) return false;
  if (field != NULL) convert_field(r->L, o, field);
  if (o->is_asset && r->text.odd != NULL) {
    cb_asset_mark_unreadable(r->L, r->text.odd);
    r->text.odd = NULL;
  }
  o->members++;
  store(r, field);
  return true;
}


static bool wants_tags(reader *r) {
  if (r->form->fields == 0) return true;
  lua_pushliteral(r->L, "tags");
  bool wanted = lua_rawget(r->L, r->form->fields) != LUA_TNIL;
  lua_pop(r->L, 1);
  return wanted;
}


static bool finish_asset(reader *r, const object *o) {
  if (!o->has_id) return fail(r, "the answer has no id of an asset");
  if (o->has_tags || !wants_tags(r)) return true;
  if (o->names_tags) cb_json_push_empty_list(r->L);
  else cb_json_push_absent_list(r->L);
  lua_setfield(r->L, -2, "tags");
  return true;
}


static bool read_members(reader *r, object *o) {
  do {
    if (!read_member(r, o)) return false;
  } while (co_json_accept(&r->text, ','));
  return co_json_accept(&r->text, '}') || fail(r, "a comma or } is missing");
}


static bool read_object(reader *r, int of) {
  key *k = &r->keys[of];
  object o = {.link = &k->first};
  if (!co_json_enter(&r->text)) return false;
  luaL_checkstack(r->L, 8, "JSON");
  bool empty = co_json_accept(&r->text, '}');
  o.is_asset = r->text.depth == r->assets;
  lua_createtable(r->L, 0, empty ? 0 : k->members);
  if (!empty && !read_members(r, &o)) return false;
  k->members = (uint8_t)(o.members < MEMBERS_MAX ? o.members : MEMBERS_MAX);
  r->text.depth--;
  if (o.has_nulls && r->flags == CB_JSON_UNIQUE) cb_json_drop_nulls(r->L);
  return !o.is_asset || finish_asset(r, &o);
}


/* Reads a list or object. One that is nested too deep is null if lenient. */
static bool read_nested(reader *r, int of) {
  if (r->text.depth < CB_JSON_DEPTH || !r->text.lenient)
    return *r->text.at == '{' ? read_object(r, of) : read_list(r, of);
  lua_pushlightuserdata(r->L, NULL);
  return co_json_pass(&r->text);
}


static bool read_value(reader *r, int of) {
  co_json_space(&r->text);
  switch (*r->text.at) {
    case '{':
    case '[': return read_nested(r, of);
    case '"': return read_string(r);
    case 't': lua_pushboolean(r->L, 1); return co_json_word(&r->text, "true");
    case 'f': lua_pushboolean(r->L, 0); return co_json_word(&r->text, "false");
    case 'n': lua_pushlightuserdata(r->L, NULL);
              return co_json_word(&r->text, "null");
    default: return cb_json_read_number(r->L, &r->text);
  }
}


static bool read_all(reader *r) {
  if (!read_value(r, UNKEPT)) return false;
  co_json_space(&r->text);
  return r->text.at == r->text.end || fail(r, "more text after the value");
}


/* Runs the collector before a large text is read instead of while it is read:
** then the collector can free the page before, and need not traverse the new
** values again and again, none of which it could free. */
static void pay_ahead(lua_State *L, size_t length) {
  enum { LARGE = 64 * 1024, LARGEST = 256 * 1024 * 1024, TIMES = 3 };
  if (length < LARGE || length > LARGEST) return;
  if (lua_gc(L, LUA_GCISRUNNING, 0)) co_gc_ahead(L, length * TIMES);
}


bool cb_json_read(lua_State *L, const char *bytes, size_t length,
                  const cb_json_form *form, int flags) {
  int top = lua_gettop(L);
  reader r = {
    .L = L, .form = form,
    .text = {.at = bytes, .end = bytes + length,
             .lenient = form != NULL && form->page,
             .utf8 = form != NULL && !co_utf8_is_ascii(bytes, length)},
    .assets = form != NULL && !form->page, .mark = top + 1, .strings = top + 2,
    .keeps = length >= SHORT, .flags = flags, .words.slot = top + 2 + KEYS + 1
  };
  luaL_checkstack(L, KEYS + CB_JSON_WORDS + 16, "JSON");
  pay_ahead(L, length);
  cb_json_push_array_mark(L);
  lua_settop(L, r.strings + (r.keeps ? KEYS + CB_JSON_WORDS : 0));
  r.keys[UNKEPT].members = r.assets ? MEMBERS_ASSET : MEMBERS_FIRST;
  bool good = read_all(&r);
  if (!good) lua_pushfstring(L, "%s (byte %I)", r.text.why,
                             (lua_Integer)(r.text.at - bytes) + 1);
  lua_replace(L, top + 1);
  lua_settop(L, top + 1);
  return good;
}
