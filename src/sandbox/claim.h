/*
** Who serves a database file, and who has joined. Beside the file F lies
** F.server, mode 0600, with the address and the token of the process that
** serves F. Two record locks on it tell the living from the dead: the server
** holds one for writing, and everyone who has joined holds the other for
** reading. The system drops both when a process ends, whatever ended it.
**
** store.c claims a file before it opens it; the Lua side joins. Messages do not
** name the database; the caller does.
*/
#ifndef SB_CLAIM_H
#define SB_CLAIM_H

#include "sandbox/estate/text.h"

#define SB_ESTATE_SIZE 33

typedef struct sb_claim sb_claim;

typedef struct sb_address {
  char url[64], token[256], estate[SB_ESTATE_SIZE];
} sb_address;

/* Claims the file for this process, after one that is leaving. NULL and a
** message where another server has it, or where F.server cannot be ours. */
sb_claim *sb_claim_take(const char *database, sb_text *error);

/* Tells those who join where the server is. 0, or -1 and errno. */
int sb_claim_publish(sb_claim *claim, const sb_address *address);

/* Blocks until nobody has joined; from then on nobody can, and whoever wants
** the file waits for the claim to end. False where a signal came. */
bool sb_claim_wait_alone(sb_claim *claim);

/* Ends the claim, removes F.server and frees. NULL is ignored. */
void sb_claim_release(sb_claim *claim);

/* Joins whoever serves the file: fills `address`, and keeps the server from
** leaving until sb_claim_leave. NULL and a message where nobody serves it.
** Waits while the server starts. */
sb_claim *sb_claim_join(const char *database, sb_address *address,
                        sb_text *error);
void sb_claim_leave(sb_claim *claim);

#endif
