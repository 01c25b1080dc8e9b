#ifndef LJSON_EMIT_H
#define LJSON_EMIT_H

#include "binding/ljson.h"

/* Where in the value the writer is, for messages. */
typedef struct json_step {
  const struct json_step *up;
  const char *name;   /* or NULL: an element of a list */
  lua_Integer index;
  int depth;
} json_step;

/* Raises the problem, with the path of the value. */
int json_refuse(json_writer *w, const json_step *at, const char *problem);

/* Refuses what is not of that type. */
void json_expect(json_writer *w, int idx, int type, const json_step *at,
                 const char *expected);

/* What is no UTF-8, or no finite number, is refused. */
void json_write_text(json_writer *w, const char *text, size_t length,
                     const json_step *at);
void json_write_string(json_writer *w, int idx, const json_step *at);
void json_write_number(json_writer *w, int idx, const json_step *at);

#endif
