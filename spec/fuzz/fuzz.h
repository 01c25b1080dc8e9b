/*
** Shared by the fuzz targets. A target is one file: it defines
** LLVMFuzzerTestOneInput, and its head says what must hold for every input.
*/
#ifndef FUZZ_H
#define FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* A property that does not hold ends the program, as libFuzzer wants it. */
#define MUST(condition) \
  do { \
    if (!(condition)) { \
      fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, \
              #condition); \
      abort(); \
    } \
  } while (0)

/* The input as a text, in a block that ends where it ends. */
static inline char *fuzz_text(const uint8_t *bytes, size_t length) {
  char *text = malloc(length + 1);
  MUST(text != NULL);
  if (length > 0) memcpy(text, bytes, length);
  text[length] = '\0';
  return text;
}

#endif
