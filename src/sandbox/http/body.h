/*
** The rules for a request's body, as rows. An operation checks its body before
** it writes, so an invalid body changes nothing.
*/
#ifndef SB_BODY_H
#define SB_BODY_H

#include "sandbox/api/operation.h"

typedef enum sb_value_type {
  SB_STRING, SB_STRINGS, SB_BOOLEAN,
  SB_TEXT_BOOLEAN,   /* a boolean, or "true" or "false" */
  SB_WHOLE_NUMBER, SB_OBJECT, SB_LIST,
} sb_value_type;

#define SB_NEEDED 1u    /* required if the object around it is there */
#define SB_NEW 2u       /* ignored in the 2022 dialect */
#define SB_FILLED 4u    /* must not be the empty string */
#define SB_NEEDED_2022 8u

typedef struct sb_rule {
  const char *path;    /* from the top, with dots; NULL ends the rows */
  sb_value_type value;
  unsigned flags;
} sb_rule;

/* Whether the body is a JSON object that fits the rules; if not, the operation
** has failed with 400 and names the field. A null member counts as left out; a
** member without a row is ignored, as on the platform. A member that is SB_NEW
** shows that the caller speaks the current dialect. */
bool sb_body_check(sb_op *op, const sb_rule *rules);

/* Whether the body is a valid JSON object; if not, the operation has failed. */
bool sb_body_object(sb_op *op);

#endif
