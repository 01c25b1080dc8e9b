/*
** Writes to standard error without control characters, words that look like
** tokens, and the environment's token in its own spelling. A client's token is
** not known here; it is masked where the client's errors are made.
*/
#include "colua/complaint.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char prefix[] = "cop_";   /* of tokens */
enum { PREFIX = sizeof prefix - 1 };

static const char variable[] = "CODEOCEAN_TOKEN";
static char *kept;   /* the token that the variable had; or NULL */


/* Whether a control character starts at `c`. Those of C1, which some terminals
** obey too, have two bytes in UTF-8. */
static bool is_control(const unsigned char *c) {
  if (c[0] == 0xC2) return c[1] >= 0x80 && c[1] < 0xA0;
  return (c[0] < 0x20 && c[0] != '\n' && c[0] != '\t') || c[0] == 0x7F;
}


static void write_byte(const char *text) {
  const unsigned char *c = (const unsigned char *)text;
  if (is_control(c)) fprintf(stderr, "\\%03u", (unsigned)c[0]);
  else putc(c[0], stderr);
}


/* The length of the token if the text begins with it, else 0; 0 also for a
** token below SHORTEST, which ordinary text contains by chance. */
static size_t token_length(const char *text, const char *token) {
  enum { SHORTEST = 4 };
  size_t length = token == NULL ? 0 : strlen(token);
  bool found = length >= SHORTEST && strncmp(text, token, length) == 0;
  return found ? length : 0;
}


/* The length of the word at the start of the text if it looks like a token,
** else 0. */
static size_t word_length(const char *text) {
  static const char bytes[] = "abcdefghijklmnopqrstuvwxyz_-0123456789"
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  return strncmp(text, prefix, PREFIX) == 0 ? strspn(text, bytes) : 0;
}


/* The number of bytes at the start of the text that are a secret. */
static size_t secret_length(const char *text) {
  size_t lengths[] = {word_length(text), token_length(text, kept),
                      token_length(text, getenv(variable))};
  size_t most = lengths[0];
  for (size_t i = 1; i < sizeof lengths / sizeof lengths[0]; i++)
    if (lengths[i] > most) most = lengths[i];
  return most;
}


/* Writes asterisks, behind the prefix if the secret has it. */
static void write_masked(const char *secret, size_t length) {
  size_t shown = strncmp(secret, prefix, PREFIX) == 0 ? PREFIX : 0;
  if (shown > 0) fputs(prefix, stderr);
  for (size_t i = shown; i < length; i++) putc('*', stderr);
}


void cl_complaint_keep_token(void) {
  const char *token = getenv(variable);
  if (token != NULL && kept == NULL) kept = strdup(token);
}


void cl_complaint_write(const char *text) {
  for (size_t length; *text != '\0'; text += length) {
    length = secret_length(text);
    if (length > 0) write_masked(text, length);
    else write_byte(text);
    if (length == 0) length = 1;
  }
}
