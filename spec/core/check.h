/*
** The checks of the C tests: a line for each check that fails, and counts in
** the form that spec/run reads. A program is one file, so all is static.
*/
#ifndef CHECK_H
#define CHECK_H

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int check_passed, check_failed;

#define ROWS(table) (sizeof table / sizeof table[0])

#define CHECK(condition) \
  check_that(condition, __FILE__, __LINE__, "", #condition)

/* In a loop over rows: `row` says which one it was. */
#define CHECK_ROW(row, condition) \
  check_that(condition, __FILE__, __LINE__, row, #condition)

/* Either text may be NULL, which equals NULL only. */
#define CHECK_TEXT(got, wanted) \
  check_text(got, wanted, __FILE__, __LINE__, "")
#define CHECK_ROW_TEXT(row, got, wanted) \
  check_text(got, wanted, __FILE__, __LINE__, row)

/* Equal but for rounding. */
#define CHECK_NEAR(got, wanted) \
  check_near(got, wanted, __FILE__, __LINE__, "")
#define CHECK_ROW_NEAR(row, got, wanted) \
  check_near(got, wanted, __FILE__, __LINE__, row)


static inline void check_count(bool good, const char *file, int line) {
  if (good) check_passed++;
  else check_failed++;
  if (!good) printf("%s:%d: ", file, line);
}


static inline void check_that(bool good, const char *file, int line,
                              const char *row, const char *condition) {
  check_count(good, file, line);
  if (!good) printf("[%s] is false: %s\n", row, condition);
}


static inline bool check_same(const char *a, const char *b) {
  return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}


static inline void check_text(const char *got, const char *wanted,
                              const char *file, int line, const char *row) {
  bool good = check_same(got, wanted);
  check_count(good, file, line);
  if (!good)
    printf("[%s] \"%s\" instead of \"%s\"\n", row, got ? got : "(null)",
           wanted ? wanted : "(null)");
}


static inline void check_near(double got, double wanted, const char *file,
                              int line, const char *row) {
  bool good = fabs(got - wanted) <= 1e-9 * fmax(1, fabs(wanted));
  check_count(good, file, line);
  if (!good) printf("[%s] %.17g instead of %.17g\n", row, got, wanted);
}


/* The last line of a program and what its main returns. */
static inline int check_report(void) {
  printf("%d passed, %d failed\n", check_passed, check_failed);
  return check_failed == 0 ? 0 : 1;
}

#endif
