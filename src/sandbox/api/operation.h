/*
** One request as an operation sees it: what was asked, where the assets are,
** and what is answered. Nothing here knows HTTP's transport.
*/
#ifndef SB_OPERATION_H
#define SB_OPERATION_H

#define SB_ID_SIZE 120

#include "sandbox/estate/snapshot.h"
#include "sandbox/estate/store.h"

/* As bits, so that a route can say where it exists. */
typedef enum sb_dialect { SB_2022 = 1, SB_CURRENT = 2, SB_BOTH = 4 } sb_dialect;

/* What start was told; does not change while a server runs. */
typedef struct sb_config {
  const char *database;
  const char *token;     /* NULL: a random one */
  const char *read_only_token;
  const char *buckets;   /* a JSON array of those there are; NULL: any */
  int64_t port, seed, page_cap, keep_requests, max_in_flight, max_body;
  int64_t max_connections;
  double ready_after, latency;
  double rate_limit;     /* requests a second; 0: any number */
  double retry_after;    /* what is said above it; below 0: nothing */
  double lag;            /* seconds until a search sees what was written */
  sb_dialect dialect;
} sb_config;

typedef struct sb_op {
  const sb_config *config;
  sb_store *store;
  sb_snapshots *snapshots;
  const char *id;        /* out of the path; NULL where it has none */
  const char *query;     /* behind the '?', still encoded, or NULL */
  const char *body;
  size_t length;
  unsigned tweaks;       /* what a fault bends: SB_STUCK_DRAFT and so on */
  bool current;          /* answer in the current release's spelling; what the
                            operation sets is remembered of the caller */
  unsigned port;         /* of the server */
  int status;
  const char *type;      /* of the answer; NULL: JSON */
  char content_range[80], etag[40], modified[40];   /* of the answer, or "" */
  sb_text *out;
} sb_op;

/* The answer is {"message": …}; what was written to `out` goes. */
void sb_op_fail(sb_op *op, int status, const char *format, ...)
  __attribute__((format(printf, 3, 4)));

/* The answer to what SQLite could not do. */
void sb_op_fail_database(sb_op *op);

/* How an asset is shown to this caller: what a fault bends, and the types. */
unsigned sb_op_tweaks(const sb_op *op);

/* Answers with the asset, or says that there is none. */
void sb_op_answer_asset(sb_op *op, int status, sb_spelling face);

/* Runs a statement that writes to the asset whose id is ?1. False: the call has
** failed. */
bool sb_op_write(sb_op *op, sqlite3_stmt *statement);

/* Answers with the one text that the statement, given the id, finds. */
void sb_op_answer_text(sb_op *op, const char *sql);

/* Whether the asset has its files. False: the operation has failed. */
bool sb_op_is_ready(sb_op *op);

/* Done, and nothing to say. */
void sb_op_answer_empty(sb_op *op);

/* The value of the first parameter of that name, decoded, to be freed; NULL
** where there is none or it cannot be decoded. */
char *sb_op_parameter(const sb_op *op, const char *name);

/* Takes the next name and value off `rest`, which it writes to. 1, or 0 at
** the end, or -1 where an escape is broken. */
int sb_parameter_next(char **rest, char **name, char **value);

#endif
