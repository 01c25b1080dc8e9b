/*
** The process that serves a database file, and those that have joined it.
** Beside the file F is F.server, mode 0600, with the address and the token of
** the process that serves F. F.server has two record locks: the server holds
** one for writing, each process that has joined holds the other for reading.
** The system drops the locks of a process when it ends, in whatever way.
**
** store.c claims a file before it opens it; the Lua side joins. Messages do not
** contain the name of the database; the caller adds it.
*/
#ifndef SB_CLAIM_H
#define SB_CLAIM_H

#include "sandbox/text.h"

#define SB_ESTATE_SIZE 33

typedef struct sb_claim sb_claim;

typedef struct sb_address {
  char url[64], token[256], estate[SB_ESTATE_SIZE];
} sb_address;

/* Claims the file for this process; waits while another server starts or ends.
** NULL and a message if another server has it, or if F.server is not a
** sandbox's. */
sb_claim *sb_claim_acquire(const char *database, sb_text *error);

/* Writes the server's address for those who join. 0, or -1 and errno. */
int sb_claim_publish(sb_claim *claim, const sb_address *address);

/* Takes the address back: the server ends, and a process that wants the file
** waits. NULL is ignored. */
void sb_claim_withdraw(sb_claim *claim);

/* Blocks until no process has joined. After that none can join; a process that
** wants the file waits for the claim to end. False if a signal came. */
bool sb_claim_wait_alone(sb_claim *claim);

/* Ends the claim, removes F.server and frees. NULL is ignored. */
void sb_claim_release(sb_claim *claim);

/* Joins the process that serves the file: fills `address`, and keeps the server
** running until sb_claim_leave. Waits while the server starts. NULL and a
** message if no process serves the file. */
sb_claim *sb_claim_join(const char *database, sb_address *address,
                        sb_text *error);
void sb_claim_leave(sb_claim *claim);

/* Whether the server that was joined still serves the file. */
bool sb_claim_is_served(const sb_claim *claim);

#endif
