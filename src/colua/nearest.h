/*
** How far apart two names are, for "did you mean".
*/
#ifndef COLUA_NEAREST_H
#define COLUA_NEAREST_H

#include <stddef.h>

/* The number of letters to insert, delete, replace or swap with their
   neighbour to make `a` of `b`. Names longer than 63 are far from all. */
size_t co_distance(const char *a, const char *b);

#endif
