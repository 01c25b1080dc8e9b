/*
** Writes messages to standard error: masked by core/text/message.h, and without
** control characters. A client's token is not known here; it is masked where
** the client's errors are made.
*/
#include "colua/complaint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text/message.h"
#include "core/text/utf8.h"


static size_t write_escaped(const char *text, size_t length) {
  for (size_t i = 0; i < length; i++)
    fprintf(stderr, "\\%03u", (unsigned)(unsigned char)text[i]);
  return length;
}


/* Writes the character, or the byte that is none, at the start of the text;
** returns its length. */
static size_t write_character(const char *text, size_t left) {
  size_t control = co_utf8_control(text, left);
  size_t length = co_utf8_length(text, left);
  if (*text == '\n' || *text == '\t') control = 0;
  if (control > 0) return write_escaped(text, control);
  if (length == 0) return write_escaped(text, 1);
  return fwrite(text, 1, length, stderr);
}


void cl_complaint_write(const char *text) {
  char *copy = strdup(text);
  if (copy == NULL) {
    fputs("not enough memory", stderr);
    return;
  }
  size_t length = strlen(copy);
  co_message_mask(copy, length);
  for (size_t at = 0; at < length && !ferror(stderr);)
    at += write_character(copy + at, length - at);
  free(copy);
}
