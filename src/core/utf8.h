#ifndef CO_UTF8_H
#define CO_UTF8_H

#include <stddef.h>

/* The byte (from 1) where the text stops being UTF-8, or 0. */
size_t co_utf8_fault(const char *text, size_t length);

#endif
