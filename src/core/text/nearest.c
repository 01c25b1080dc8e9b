/*
** The nearest name: equal letters, then synonyms, then the distance of
** Damerau and Levenshtein (adjacent swaps count once). Called through the
** endpoint rows and by the binding. Pure; a work area of 32 KiB on the stack.
*/
#include "core/text/nearest.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { LONGEST = 63, SHORTEST = 2, LONG = 8 };

/* Other words for a field, and the field's name. */
static const struct { const char *word, *name; } synonyms[] = {
  {"annotations", "custom_metadata"},
  {"comment",     "description"},
  {"desc",        "description"},
  {"descr",       "description"},
  {"folder",      "mount"},
  {"keywords",    "tags"},
  {"label",       "tags"},
  {"labels",      "tags"},
  {"meta",        "custom_metadata"},
  {"metadata",    "custom_metadata"},
  {"sizeinbytes", "size"},
  {"title",       "name"},
  {NULL, NULL}
};

typedef struct letters {
  size_t length;              /* LONGEST + 1: longer than that */
  char text[LONGEST + 1];
} letters;

struct work {
  const letters *a, *b;
  size_t cost[LONGEST + 1][LONGEST + 1];
};


/* Does not use tolower, which depends on the locale (Turkish I). */
static char lower(char c) {
  return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}


/* The letters that count in a comparison of names, in lower case. */
static letters letters_of(const char *name) {
  letters own = {0, ""};
  for (; *name != '\0' && own.length <= LONGEST; name++) {
    if (strchr("_- ", *name) != NULL) continue;
    if (own.length < LONGEST) own.text[own.length] = lower(*name);
    own.length++;
  }
  return own;
}


static size_t least(size_t a, size_t b) {
  return a < b ? a : b;
}


static void fill(struct work *w, size_t i, size_t j) {
  const char *a = w->a->text, *b = w->b->text;
  size_t cost = w->cost[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
  cost = least(cost, w->cost[i - 1][j] + 1);
  cost = least(cost, w->cost[i][j - 1] + 1);
  if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
    cost = least(cost, w->cost[i - 2][j - 2] + 1);
  w->cost[i][j] = cost;
}


static size_t distance(const letters *a, const letters *b) {
  struct work w = {.a = a, .b = b};
  for (size_t i = 0; i <= a->length; i++) w.cost[i][0] = i;
  for (size_t j = 0; j <= b->length; j++) w.cost[0][j] = j;
  for (size_t i = 1; i <= a->length; i++) {
    for (size_t j = 1; j <= b->length; j++) fill(&w, i, j);
  }
  return w.cost[a->length][b->length];
}


/* Whether both names have two letters that are not merely swapped: then a
** replaced letter does not count as a typing mistake. */
static bool is_replaced(const letters *a, const letters *b) {
  return a->length == SHORTEST && b->length == SHORTEST &&
         (a->text[0] != b->text[1] || a->text[1] != b->text[0]);
}


/* The distance, or SIZE_MAX if it is too large for a typing mistake. */
static size_t slips(const letters *a, const letters *b) {
  if (a->length > LONGEST || b->length > LONGEST) return SIZE_MAX;
  size_t longer = a->length > b->length ? a->length : b->length;
  size_t shorter = least(a->length, b->length);
  size_t allowed = longer < LONG ? 1 : 2;
  if (shorter < SHORTEST || longer - shorter > allowed) return SIZE_MAX;
  if (is_replaced(a, b)) return SIZE_MAX;
  size_t found = distance(a, b);
  return found <= allowed ? found : SIZE_MAX;
}


static int is_synonym(const letters *name, const char *candidate) {
  for (size_t i = 0; synonyms[i].word != NULL; i++) {
    if (strcmp(name->text, synonyms[i].word) == 0 &&
        strcmp(candidate, synonyms[i].name) == 0)
      return 1;
  }
  return 0;
}


void co_nearest_begin(co_nearest *n, const char *name) {
  *n = (co_nearest){.name = name, .best = NULL, .cost = SIZE_MAX};
}


void co_nearest_compare(co_nearest *n, const char *candidate) {
  letters a = letters_of(n->name), b = letters_of(candidate);
  size_t cost;
  if (a.length == 0 || b.length == 0) return;
  if (a.length <= LONGEST && a.length == b.length &&
      memcmp(a.text, b.text, a.length) == 0)
    cost = 0;
  else if (is_synonym(&a, candidate))
    cost = 1;
  else
    cost = slips(&a, &b);
  if (cost >= n->cost) return;
  n->cost = cost;
  n->best = candidate;
}
