/*
** What a web page says in a few words: gateways and login pages answer with
** HTML where the API would with JSON. Pure; the text may be anything.
*/
#ifndef CO_HTML_H
#define CO_HTML_H

#include <stdbool.h>
#include <stddef.h>

/* Whether the text is a web page: its first visible byte is '<'. */
bool co_html_is_page(const char *text, size_t length);

/* Writes the page's title, or else its first words without tags, scripts and
** styles, blanks made one, as much as there is room for, NUL-terminated.
** Returns the length. */
size_t co_html_words(const char *text, size_t length, char *to, size_t room);

#endif
