/*
** The authority of the certificate that a server shows, for people whose
** connection fails because that authority is not trusted. Called by the engine.
*/
#ifndef CO_ISSUER_H
#define CO_ISSUER_H

#include "core/wire/handle.h"

/* Connects to the server, through the same proxy as requests, reads the issuer
** of its certificate as text and hangs up. Blocks, at most as long as a
** connection may take. Nothing is verified, and neither a request nor the token
** is sent. False: no TLS, no connection, or no such text. */
bool co_issuer_read(const co_handle_base *base, char *text, size_t size);

#endif
