/*
** How URLs, JSON, HTML and programs write a byte otherwise than as itself.
** Called by secret.c, which looks for secrets however they are written.
*/
#ifndef CO_SPELLING_H
#define CO_SPELLING_H

#include <stddef.h>

/* Spellings over each other, as in JSON inside JSON, that are undone. */
enum { CO_SPELLING_LEVELS = 3 };

/* Reads one byte of text[length] with that many levels of spellings undone
** (0: as it stands). Returns how many bytes spell it; 0 at the end. */
size_t co_spelling_read(const char *text, size_t length, int level,
                        char *byte);

/* Whether the byte may begin a spelling. */
int co_spelling_starts(char byte);

#endif
