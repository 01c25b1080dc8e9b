/*
** Checks of UTF-8 (RFC 3629): no surrogates, no longer forms than needed,
** nothing above U+10FFFF. Pure; for what people hand in and servers send.
*/
#ifndef CO_UTF8_H
#define CO_UTF8_H

#include <stddef.h>

/* The length in bytes of the character at the start of a text of `left` bytes
** (at least one); 0: it is not UTF-8. */
size_t co_utf8_length(const char *text, size_t left);

/* The bytes of the control character (C0, DEL, or C1 in UTF-8) that a text
** begins with, of which `left` (not 0) are there; 0: it is none. */
size_t co_utf8_control(const char *text, size_t left);

/* The byte (from 1) where the text stops being UTF-8, or 0. */
size_t co_utf8_fault(const char *text, size_t length);

#endif
