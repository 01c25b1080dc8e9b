/*
** The distance of Damerau and Levenshtein (adjacent swaps count once).
*/
#include "colua/nearest.h"

#include <stdint.h>
#include <string.h>

enum { LONGEST = 63 };

struct work {
  const char *a, *b;
  size_t cost[LONGEST + 1][LONGEST + 1];
};


static size_t least(size_t a, size_t b) {
  return a < b ? a : b;
}


static void fill(struct work *w, size_t i, size_t j) {
  size_t differ = w->a[i - 1] != w->b[j - 1];
  size_t cost = w->cost[i - 1][j - 1] + differ;
  cost = least(cost, w->cost[i - 1][j] + 1);
  cost = least(cost, w->cost[i][j - 1] + 1);
  if (i > 1 && j > 1 && w->a[i - 1] == w->b[j - 2] &&
      w->a[i - 2] == w->b[j - 1])
    cost = least(cost, w->cost[i - 2][j - 2] + 1);
  w->cost[i][j] = cost;
}


size_t co_distance(const char *a, const char *b) {
  size_t rows = strlen(a), columns = strlen(b);
  if (rows > LONGEST || columns > LONGEST) return SIZE_MAX;
  struct work w = {.a = a, .b = b};
  for (size_t i = 0; i <= rows; i++) w.cost[i][0] = i;
  for (size_t j = 0; j <= columns; j++) w.cost[0][j] = j;
  for (size_t i = 1; i <= rows; i++) {
    for (size_t j = 1; j <= columns; j++) fill(&w, i, j);
  }
  return w.cost[rows][columns];
}
