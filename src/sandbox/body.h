/*
** What a request's body must look like, as rows.
*/
#ifndef SB_BODY_H
#define SB_BODY_H

#include "sandbox/operation.h"

typedef enum sb_value_type {
  SB_STRING, SB_STRINGS, SB_BOOLEAN, SB_WHOLE_NUMBER,
  SB_OPEN,     /* an object that may hold anything */
  SB_CLOSED,   /* an object of the members that have rows, and no other */
  SB_LIST,
} sb_value_type;

#define SB_NEEDED 1u   /* must be there if what it is in is there */
#define SB_NEW 2u      /* unknown to the 2022 dialect */
#define SB_FILLED 4u   /* not the empty string */

typedef struct sb_rule {
  const char *path;    /* from the top, with dots; NULL ends the rows */
  sb_value_type value;
  unsigned flags;
} sb_rule;

/* Whether the body is a JSON object that keeps the rules; where it is not,
** the call has failed with 400 and says which field. Members of the top that
** have no row are let through: a server to come may know them. */
bool sb_body_check(sb_op *op, const sb_rule *rules);

/* The body, if it is a valid JSON object at all. */
bool sb_body_object(sb_op *op);

#endif
