/*
** "Did you mean": the known name that a person most likely meant by an unknown
** one. Fields, options and commands all use this rule. Keeps pointers to the
** caller's texts, allocates nothing.
*/
#ifndef CO_NEAREST_H
#define CO_NEAREST_H

#include <stddef.h>

/* A search for the nearest name: begin, try each known name, read `best`. */
typedef struct co_nearest {
  const char *name;   /* the unknown name */
  const char *best;   /* the nearest known name so far, or NULL */
  size_t cost;        /* of `best`; 0: the same letters */
} co_nearest;

void co_nearest_begin(co_nearest *n, const char *name);

/* Makes `candidate` the best if it is nearer than those tried before: equal but
** for case, '_', '-' and blanks; a synonym; or a few typing mistakes away (a
** letter inserted, deleted, replaced, or swapped with its neighbour): one in a
** name of up to seven letters, two in a longer one. Between two names of two
** letters a replaced letter does not count. Names of one letter or of more
** than 63 are not compared for typing mistakes. */
void co_nearest_compare(co_nearest *n, const char *candidate);

#endif
