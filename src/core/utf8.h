#ifndef CO_UTF8_H
#define CO_UTF8_H

#include <stddef.h>

/* The bytes of the character that a text begins with, of which `left` (not 0)
** are there; 0: it is none. */
size_t co_utf8_length(const char *text, size_t left);

/* The byte (from 1) where the text stops being UTF-8, or 0. */
size_t co_utf8_fault(const char *text, size_t length);

#endif
