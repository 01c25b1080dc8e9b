/*
** Reads bytes that are escaped as in URLs, JSON, HTML or programs. Called by
** secret.c, which finds secrets in any of these spellings.
*/
#ifndef CO_SPELLING_H
#define CO_SPELLING_H

#include <stddef.h>

/* How many nested spellings are undone (JSON inside JSON has two). */
enum { CO_SPELLING_LEVELS = 3 };

/* Reads one byte of text[length] with `level` levels of spellings undone (0:
** none). Returns how many bytes spell it; 0 at the end. */
size_t co_spelling_read(const char *text, size_t length, int level,
                        char *byte);

/* Whether the byte may begin a spelling. */
int co_spelling_starts(char byte);

#endif
