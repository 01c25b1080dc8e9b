#ifndef LJSON_EMIT_H
#define LJSON_EMIT_H

#include "binding/json/ljson.h"

/* Where in the value the writer is, for messages. */
typedef struct cb_place {
  const struct cb_place *up;
  const char *name;   /* or NULL: an element of a list */
  lua_Integer index;
  int depth;
} cb_place;

/* Raises the problem, with the path of the value. */
int cb_json_refuse(cb_writer *w, const cb_place *at, const char *problem);

/* Refuses what is not of that type. */
void cb_json_expect(cb_writer *w, int idx, int type, const cb_place *at,
                    const char *expected);

/* What is no UTF-8, or no finite number, is refused. */
void cb_json_write_text(cb_writer *w, const char *text, size_t length,
                        const cb_place *at);
void cb_json_write_string(cb_writer *w, int idx, const cb_place *at);
void cb_json_write_number(cb_writer *w, int idx, const cb_place *at);

#endif
