/*
** Checks of UTF-8 (RFC 3629): no surrogates, no overlong forms, nothing above
** U+10FFFF. Pure; for text from users and servers.
*/
#ifndef CO_UTF8_H
#define CO_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* The length in bytes of the character at the start of a text of `left` bytes
** (at least one); 0: it is not UTF-8. */
size_t co_utf8_length(const char *text, size_t left);

/* The length in bytes of the control character (C0, DEL, or C1 in UTF-8) at the
** start of a text of `left` bytes (at least one); 0: there is none. */
size_t co_utf8_control(const char *text, size_t left);

/* Whether all bytes are ASCII; faster than co_utf8_fault. */
bool co_utf8_is_ascii(const char *text, size_t length);

/* The byte (from 1) where the text stops being UTF-8, or 0. */
size_t co_utf8_fault(const char *text, size_t length);

#endif
