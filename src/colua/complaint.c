/*
** Writes to standard error without control characters and words that look like
** tokens. It does not know the client's token, which is masked where the
** client's errors are made.
*/
#include "colua/complaint.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>


static bool is_token_byte(char c) {
  return c != '\0' && strchr("abcdefghijklmnopqrstuvwxyz_-0123456789"
                             "ABCDEFGHIJKLMNOPQRSTUVWXYZ", c) != NULL;
}


/* Whether a control character starts here. C1, which some terminals obey too,
** has two bytes in UTF-8. */
static bool is_control(const unsigned char *c) {
  if (c[0] == 0xC2) return c[1] >= 0x80 && c[1] < 0xA0;
  return (c[0] < 0x20 && c[0] != '\n' && c[0] != '\t') || c[0] == 0x7F;
}


static void write_byte(const char *text) {
  const unsigned char *c = (const unsigned char *)text;
  if (is_control(c)) fprintf(stderr, "\\%03u", (unsigned)c[0]);
  else putc(c[0], stderr);
}


void cl_complaint_write(const char *text) {
  static const char prefix[] = "cop_";
  while (*text != '\0') {
    bool token = strncmp(text, prefix, sizeof prefix - 1) == 0;
    if (!token) {
      write_byte(text++);
      continue;
    }
    fputs(prefix, stderr);
    for (text += sizeof prefix - 1; is_token_byte(*text); text++)
      putc('*', stderr);
  }
}
