/*
** The title or first words of a web page. Gateways and login pages answer with
** HTML where the API answers with JSON. Pure; accepts any bytes.
*/
#ifndef CO_HTML_H
#define CO_HTML_H

#include <stdbool.h>
#include <stddef.h>

/* Whether the text is a web page: its first visible byte is '<'. */
bool co_html_is_page(const char *text, size_t length);

/* Writes the page's title, or else its first words, NUL-terminated, at most
** `room` bytes: without tags, scripts and styles, runs of blanks as one.
** Returns the length. */
size_t co_html_words(const char *text, size_t length, char *to, size_t room);

#endif
