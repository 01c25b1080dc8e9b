/*
** A scanner of JSON (RFC 8259 and nothing more): finds where a token ends, or
** what is wrong with it. Makes no values, allocates nothing, changes nothing
** but the co_json. The text must have a NUL at `end`, so that looking ahead
** never reads beyond it. Called by the binding's reader.
*/
#ifndef CO_JSON_H
#define CO_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CO_JSON_DEPTH = 64 };

typedef struct co_json {
  const char *at;
  const char *end;   /* holds a NUL */
  const char *why;   /* what is wrong; NULL while nothing is */
  int depth;         /* number of lists and objects around `at` */
  bool lenient;      /* reads an unpaired surrogate as U+FFFD, and co_json_skip
                     ** skips values that are nested too deep */
  bool utf8;         /* a string that is not UTF-8 is an error; if lenient, it
                     ** is `odd` and counts as escaped */
  const char *odd;   /* what was tolerated since the caller cleared this */
} co_json;

/* A function that returns bool moves past the text that it read; or it sets
** `why` and returns false. co_json_accept sets no `why`. */

bool co_json_fail(co_json *text, const char *why);

/* Moves past white space. */
static inline void co_json_space(co_json *text) {
  const char *at = text->at;
  while (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r') at++;
  text->at = at;
}

/* Moves past white space, then past `byte` if it comes next. */
static inline bool co_json_accept(co_json *text, char byte) {
  if (*text->at != byte) co_json_space(text);
  if (*text->at != byte) return false;
  text->at++;
  return true;
}

/* Enters the list or object that opens here. */
bool co_json_enter(co_json *text);

/* Moves from behind the opening quote to behind the closing one. `escaped`: the
** string has an escape, or was tolerated (see `utf8`). */
bool co_json_string(co_json *text, bool *escaped);

/* Reads an escape, from behind its backslash: gives the character. */
bool co_json_escape(co_json *text, uint32_t *character);

/* Moves past a number. `whole`: it has neither a point nor an exponent. */
bool co_json_number(co_json *text, bool *whole);

bool co_json_word(co_json *text, const char *word);

/* Moves past a list or object at any depth, and sets `odd`. Counts brackets and
** checks strings; what stands between them is not checked. */
bool co_json_pass(co_json *text);

/* Checks a value and moves past it. Numbers may have any size. */
bool co_json_skip(co_json *text);

/* The first byte that is a quote, a backslash, a control character or NUL. */
const char *co_json_plain_end(const char *at, const char *end);

#endif
