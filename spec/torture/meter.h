/*
** Counts the allocations of Lua, libcurl, OpenSSL and this project's C, and
** makes the chosen one fail. OpenSSL's handshake makes thousands: of these
** every thirteenth is counted.
*/
#ifndef METER_H
#define METER_H

#include <lua.h>
#include <stdbool.h>

/* Makes libcurl's and OpenSSL's allocations pass here; before anything else
** uses them. */
bool meter_start(void);

/* From now on the allocation of that number (from 1) fails; 0: none does. */
void meter_arm(long number);

/* None fails any more. True if one has since meter_arm. */
bool meter_disarm(void);

/* Allocations since meter_arm. */
long meter_count(void);

/* Whether the one that failed was OpenSSL's. */
bool meter_struck_tls(void);

/* How many blocks of each heap there are; later, whose number is another. */
void meter_note(long before[3]);
const char *meter_leak(long before[3]);

/* What failed last: "Lua", "libcurl", "core and binding" or "OpenSSL". */
const char *meter_victim(void);

void *meter_lua(void *data, void *block, size_t old, size_t size);

#endif
