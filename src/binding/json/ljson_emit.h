/*
** Texts, numbers and errors of the JSON writer. Called by ljson_write.c.
*/
#ifndef LJSON_EMIT_H
#define LJSON_EMIT_H

#include "binding/json/ljson.h"

/* The place in the value that is being written, for messages. */
typedef struct cb_place {
  const struct cb_place *up;
  const char *name;   /* or NULL: an element of a list */
  lua_Integer index;
  int depth;
} cb_place;

/* Raises `problem` with the path of the value. */
int cb_json_refuse(cb_writer *w, const cb_place *at, const char *problem);

/* Raises if the value at idx is not of that type. */
void cb_json_expect(cb_writer *w, int idx, int type, const cb_place *at,
                    const char *expected);

/* Write a text (with a NUL behind it), the string at idx, the number at idx.
** Raise if the text is not UTF-8, or the number is not finite. */
void cb_json_write_text(cb_writer *w, const char *text, size_t length,
                        const cb_place *at);
void cb_json_write_string(cb_writer *w, int idx, const cb_place *at);
void cb_json_write_number(cb_writer *w, int idx, const cb_place *at);

#endif
