/*
** Masks what no message may show, whatever it is about: the token that the
** environment holds, users and passwords of URLs, and words that begin as
** tokens do. For messages about arguments, files and the environment; answers
** are masked with the secrets of their client (secret.h).
*/
#ifndef CO_MESSAGE_H
#define CO_MESSAGE_H

#include <stddef.h>

/* Keeps the token that the environment holds now, to be masked also after the
** program has changed or removed the variable. Only one token is kept. */
void co_message_keep_token(void);

/* Overwrites what the text may not show with asterisks, in place; if memory is
** out, the whole text. */
void co_message_mask(char *text, size_t length);

#endif
