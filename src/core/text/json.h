/*
** The grammar of JSON (RFC 8259, and nothing more): where a token ends, or
** what is wrong with it. Makes no values, allocates nothing, changes nothing
** but the co_json. The text must be NUL-terminated at `end`, so that no look
** ahead reads beyond it. Called by the binding's reader and by scanners.
*/
#ifndef CO_JSON_H
#define CO_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CO_JSON_DEPTH = 64 };

typedef struct co_json {
  const char *at;
  const char *end;   /* NUL stands there */
  const char *why;   /* what is wrong, once something is */
  int depth;         /* of lists and objects around `at` */
  bool lenient;      /* half a surrogate pair is U+FFFD and not an error, and
                     ** co_json_skip passes what is nested too deep */
  const char *odd;   /* what was odd since the caller cleared this, or NULL */
} co_json;

/* Those that return bool move past what they read, or set `why` and return
** false. */

bool co_json_fail(co_json *text, const char *why);

/* Past white space. */
static inline void co_json_space(co_json *text) {
  const char *at = text->at;
  while (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r') at++;
  text->at = at;
}

/* Past white space, and past the byte if it stands there. */
static inline bool co_json_accept(co_json *text, char byte) {
  if (*text->at != byte) co_json_space(text);
  if (*text->at != byte) return false;
  text->at++;
  return true;
}

/* Into the list or object that opens here. */
bool co_json_enter(co_json *text);

/* From behind the opening quote to behind the closing one. */
bool co_json_string(co_json *text, bool *escaped);

/* From behind a backslash: the character that the escape stands for. */
bool co_json_escape(co_json *text, uint32_t *character);

/* `whole`: it has neither a point nor an exponent. */
bool co_json_number(co_json *text, bool *whole);

bool co_json_word(co_json *text, const char *word);

/* From a bracket that opens to behind the one that closes, however deep: in
** between only strings are checked. */
bool co_json_pass(co_json *text);

/* A value that nobody wants. Numbers may be beyond any range. */
bool co_json_skip(co_json *text);

/* The first byte that is a quote, a backslash, a control character or NUL. */
const char *co_json_plain_end(const char *at, const char *end);

#endif
