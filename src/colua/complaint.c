/*
** Writes to standard error without control characters, words that look like
** tokens, users and passwords of URLs, and the environment's token in its own
** spelling. A client's token is not known here; it is masked where the client's
** errors are made.
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


/* The length of the UTF-8 character at the start of the text; 0 if there is
** none. */
static size_t character_length(const unsigned char *text) {
  size_t length = text[0] < 0x80 ? 1 : text[0] < 0xC2 ? 0 : text[0] < 0xE0 ? 2
                : text[0] < 0xF0 ? 3 : text[0] < 0xF5 ? 4 : 0;
  for (size_t i = 1; i < length; i++)
    if ((text[i] & 0xC0) != 0x80) return 0;
  return length;
}


/* Whether the character is a control character. Those of C1, which some
** terminals obey too, have two bytes in UTF-8. */
static bool is_control(const unsigned char *text) {
  if (text[0] == 0xC2) return text[1] < 0xA0;
  return (text[0] < 0x20 && text[0] != '\n' && text[0] != '\t')
         || text[0] == 0x7F;
}


/* Writes the character, or byte, at the start of the text; returns its
** length. */
static size_t write_character(const unsigned char *text) {
  size_t length = character_length(text);
  if (length > 0 && !is_control(text)) {
    fwrite(text, 1, length, stderr);
    return length;
  }
  if (length == 0) length = 1;
  for (size_t i = 0; i < length; i++)
    fprintf(stderr, "\\%03u", (unsigned)text[i]);
  return length;
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


static bool ends_word(char c) {
  return (unsigned char)c <= ' ' || strchr("\"'<>`", c) != NULL;
}


/* The number of bytes before the last '@' of the word; 0 if it has none. */
static size_t length_to_at(const char *word) {
  enum { LONGEST = 1024 };
  size_t length = 0;
  for (size_t i = 0; i < LONGEST && !ends_word(word[i]); i++)
    if (word[i] == '@') length = i;
  return length;
}


/* The length of the user and password at `text`, which are behind "://" or, in
** a word without that, at its start. A user alone is a mail address there. */
static size_t user_length(const char *text, const char *start) {
  bool url = text - start >= 3 && memcmp(text - 3, "://", 3) == 0;
  bool word = text == start || ends_word(text[-1]);
  size_t length = url || word ? length_to_at(text) : 0;
  if (url || length == 0) return length;
  const char *scheme = strstr(text, "://");
  bool later = scheme != NULL && scheme < text + length;
  return later || memchr(text, ':', length) == NULL ? 0 : length;
}


/* The number of bytes at `text`, in a message that begins at `start`, that are
** a secret. */
static size_t secret_length(const char *text, const char *start) {
  size_t lengths[] = {word_length(text), token_length(text, kept),
                      token_length(text, getenv(variable)),
                      user_length(text, start)};
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
  const char *start = text;
  for (size_t length; *text != '\0'; text += length) {
    length = secret_length(text, start);
    if (length > 0) write_masked(text, length);
    else length = write_character((const unsigned char *)text);
  }
}
