/*
** The two headers of an answer that the engine needs: Retry-After; and Date,
** for a Retry-After that is a date, and for the clock's skew. libcurl calls
** co_headers_read for each line (CURLOPT_HEADERFUNCTION); curl_easy_header is
** missing before libcurl 7.83.
*/
#ifndef CO_HEADERS_H
#define CO_HEADERS_H

#include <stddef.h>

enum { CO_HEADER_MAX = 64 };

/* Values without surrounding blanks. Empty: the header is missing, or longer
** than any valid value. */
typedef struct co_headers {
  char retry_after[CO_HEADER_MAX];
  char date[CO_HEADER_MAX];
} co_headers;

/* Reads one line. A status line begins a new answer and empties both values. If
** a header comes twice, the first counts. Never fails. */
size_t co_headers_read(char *line, size_t size, size_t count, void *headers);

#endif
