/*
** What a request's body must look like, as rows. An operation checks its body
** before it writes; a body that fails has changed nothing.
*/
#ifndef SB_BODY_H
#define SB_BODY_H

#include "sandbox/api/operation.h"

typedef enum sb_value_type {
  SB_STRING, SB_STRINGS, SB_BOOLEAN,
  SB_TEXT_BOOLEAN,   /* "true" and "false" will do */
  SB_WHOLE_NUMBER, SB_OBJECT, SB_LIST,
} sb_value_type;

#define SB_NEEDED 1u    /* must be there if what it is in is there */
#define SB_NEW 2u       /* unknown to the 2022 dialect, which ignores it */
#define SB_FILLED 4u    /* not the empty string */
#define SB_NEEDED_2022 8u

typedef struct sb_rule {
  const char *path;    /* from the top, with dots; NULL ends the rows */
  sb_value_type value;
  unsigned flags;
} sb_rule;

/* Whether the body is a JSON object that keeps the rules; where it is not,
** the operation has failed with 400 and says which field. A member that is null
** counts as left out; one that has no row is ignored, as on the platform. A
** member that is new tells that the caller speaks the current dialect. */
bool sb_body_check(sb_op *op, const sb_rule *rules);

/* The body, if it is a valid JSON object at all. */
bool sb_body_object(sb_op *op);

#endif
