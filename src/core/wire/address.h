/*
** Where requests go: a deployment's address and an asset's id. Users type both,
** and both are checked here before anything is sent: a text that passes cannot
** lead a request elsewhere. Pure; called by the binding.
*/
#ifndef CO_ADDRESS_H
#define CO_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

enum { CO_HOST_MAX = 260 };

typedef struct co_address {
  char host[CO_HOST_MAX];       /* as shown to people: name or name:port */
  char base[CO_HOST_MAX + 20];  /* https://host/api/v1 */
  bool plain;                   /* http: loopback, or allowed by the user */
  bool loopback;
} co_address;

/*
** Reads any spelling of a deployment: "acme.codeocean.com", perhaps with a
** scheme before it, and a port, a slash or "/api/v1" behind it; with a scheme
** also the address of a web page. Plain http is accepted for loopback,
** elsewhere only if `allow_plain`. Returns NULL, or what is wrong with the
** text (a static string).
*/
const char *co_address_parse(co_address *address, const char *text,
                             size_t length, bool allow_plain);

/*
** Checks a signed address, which the API gave: https, or http where both the
** deployment and the address are of loopback (a sandbox); a host, perhaps a
** port, a path, no user. Returns NULL and sets *plain, or returns what is wrong
** (a static string, which quotes nothing of the address).
*/
const char *co_address_check_signed(const char *text, size_t length,
                                    bool loopback, bool *plain);

/* Whether the text is a data asset id: a UUID of 36 characters, or its 32
** hexadecimal digits. */
bool co_id_valid(const char *text, size_t length);

enum { CO_ID_LENGTH = 36, CO_ID_BYTES = 16 };

/* Writes the canonical spelling of a valid id, as servers give it: lower case,
** with hyphens. */
void co_id_spell(char to[static CO_ID_LENGTH + 1], const char *id);

/* co_id_pack writes the bytes that the digits of a valid id stand for;
** co_id_unpack writes the canonical spelling of an id from these bytes. */
void co_id_pack(char to[static CO_ID_BYTES], const char *id);
void co_id_unpack(char to[static CO_ID_LENGTH + 1],
                  const char from[static CO_ID_BYTES]);

#endif
