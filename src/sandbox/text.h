/*
** Bytes: a growing run with a maximum, and the encodings that HTTP needs. Names
** begin with sb_, those of the client with co_: both are linked into one
** executable and share nothing.
*/
#ifndef SB_TEXT_H
#define SB_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Others may only read `bytes` and `length`. */
typedef struct sb_text {
  char *bytes;     /* NUL-terminated once anything was added; else NULL */
  size_t length;
  size_t room;
  size_t maximum;
  bool broken;     /* an addition failed: too long, or out of memory */
} sb_text;

void sb_text_init(sb_text *text, size_t maximum);
void sb_text_free(sb_text *text);

/* Empties the text and keeps its memory. */
void sb_text_reset(sb_text *text);

/* Drops what was added since the text was `length` long. */
void sb_text_cut(sb_text *text, size_t length);

/* Drops the first `count` bytes. */
void sb_text_drop(sb_text *text, size_t count);

/* An addition that fails marks the text broken. Additions to a broken text do
** nothing, so a run of additions needs one check at its end. */
void sb_text_add(sb_text *text, const void *bytes, size_t length);
void sb_text_puts(sb_text *text, const char *string);
void sb_text_printf(sb_text *text, const char *format, ...)
  __attribute__((format(printf, 2, 3)));

/* Adds the string as a JSON string. */
void sb_text_quote(sb_text *text, const char *string);

/* Decodes %XX in place, and '+' to a space if `plus`. False for an invalid
** escape, and for %00. */
bool sb_percent_decode(char *string, bool plus);

bool sb_utf8_valid(const char *bytes, size_t length);

/* Adds the base64 of "token:", for Basic authentication. */
void sb_text_credentials(sb_text *text, const char *token);

/* One step of splitmix64: a good hash of an integer. */
uint64_t sb_mix(uint64_t value);

double sb_monotonic(void);   /* seconds, for waiting */
double sb_wall(void);        /* seconds since the epoch, for storing */

#endif
