/*
** src/core/idset.c: exact about every byte, whatever the lengths and hashes.
*/
#include "core/idset.h"

#include <stdio.h>
#include <string.h>

#include "check.h"


static void test_empty(void) {
  co_idset set;
  co_idset_init(&set);
  CHECK(!co_idset_has(&set, "a", 1) && !co_idset_has(&set, "", 0));
  co_idset_clear(&set);
  CHECK(!co_idset_has(&set, "a", 1));
  co_idset_free(&set);
  co_idset_free(&set);
}


static void test_bytes(void) {
  static const struct { const char *id; size_t length; } rows[] = {
    {"", 0}, {"\0", 1}, {"\0\0", 2}, {"a", 1}, {"a\0", 2}, {"a\0b", 3},
    {"12345678", 8}, {"12345678\0", 9}, {"123456789", 9}, {"1234567", 7},
    {"0123456789abcdef0123456789abcdef01234567", 40}
  };
  co_idset set;
  co_idset_init(&set);
  for (size_t i = 0; i < ROWS(rows); i++) {
    CHECK(!co_idset_has(&set, rows[i].id, rows[i].length));
    CHECK(co_idset_add(&set, rows[i].id, rows[i].length));
  }
  for (size_t i = 0; i < ROWS(rows); i++)
    CHECK(co_idset_has(&set, rows[i].id, rows[i].length));
  CHECK(!co_idset_has(&set, "0123456789abcdef0123456789abcdef01234568", 40));
  CHECK(!co_idset_has(&set, "1234568", 7));
  co_idset_free(&set);
}


static size_t name(char *id, size_t room, int i) {
  return (size_t)snprintf(id, room, "%08x-0000-4000-8000-000000000000", i);
}


/* It grows, is emptied, and has only what came after. */
static void test_many(void) {
  enum { MANY = 5000 };
  char id[64];
  int wrong = 0;
  co_idset set;
  co_idset_init(&set);
  for (int round = 0; round < 3; round++) {
    co_idset_clear(&set);
    for (int i = 0; i < MANY; i++)
      if (i % 3 == round) wrong += !co_idset_add(&set, id, name(id, 64, i));
    for (int i = 0; i < MANY; i++)
      wrong += co_idset_has(&set, id, name(id, 64, i)) != (i % 3 == round);
  }
  CHECK(wrong == 0);
  co_idset_free(&set);
}


int main(void) {
  test_empty();
  test_bytes();
  test_many();
  return check_report();
}
