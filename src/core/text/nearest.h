/*
** "Did you mean": the name that a person most likely meant by an unknown one.
** The one rule for fields, options and commands. Keeps pointers to the
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

/* Takes `candidate` as the best if it is nearer than those tried before:
** equal but for case, '_', '-' and blanks; a synonym; or few slips of the
** finger away, one in a name of up to seven letters and two in a longer one
** (a letter inserted, deleted, replaced, or swapped with its neighbour). A
** name of less than three letters or more than 63 is a slip from none. */
void co_nearest_try(co_nearest *n, const char *candidate);

#endif
