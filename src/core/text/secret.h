/*
** Secrets (the token, keys of creates), and masking them in what a server sends
** back, before it can reach an error, a log or a journal. A list of secrets is
** a buffer of NUL-terminated texts; its owner frees (and so wipes) it. Texts of
** less than 4 bytes are not kept: they occur by chance.
*/
#ifndef CO_SECRET_H
#define CO_SECRET_H

#include "core/text/buffer.h"

/* Adds a secret. */
void co_secret_add(co_buffer *secrets, const char *text, size_t length);

/* Adds a token. False: no memory, or the list is full. */
bool co_secret_add_token(co_buffer *secrets, const char *token);

/* Adds to `secrets` those of `others` that it does not have yet, as far as
** there is room. */
void co_secret_merge(co_buffer *secrets, const co_buffer *others);

/* Overwrites every secret in `bytes` with asterisks, in place: as it is, in
** base64 (also of a longer text) or in hexadecimal, each also with its bytes
** written as in URLs, JSON, HTML or programs (spelling.h), up to three levels
** deep, and folded over lines. */
void co_secret_mask(char *bytes, size_t length, const co_buffer *secrets);

/* Overwrites, in place, the user and password of every URL in the text, with
** a scheme or without. */
void co_secret_mask_users(char *text, size_t length);

/* Overwrites, in place, the rest of each word that begins as tokens do: with
** "cop_". */
void co_secret_mask_tokens(char *text, size_t length);

#endif
