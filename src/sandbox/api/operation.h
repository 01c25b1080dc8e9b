/*
** One request as the function of its operation sees it: what was requested, the
** store of assets, and the answer. Knows no connection.
*/
#ifndef SB_OPERATION_H
#define SB_OPERATION_H

#define SB_ID_SIZE 120

#include "sandbox/api/asset_json.h"
#include "sandbox/estate/snapshot.h"

/* Bits, so that a route can name several. */
typedef enum sb_dialect { SB_2022 = 1, SB_CURRENT = 2, SB_BOTH = 4 } sb_dialect;

/* The options of start; they do not change while a server runs. */
typedef struct sb_config {
  const char *database;
  const char *token;     /* NULL: make a random one */
  const char *read_only_token;
  const char *buckets;   /* a JSON array of existing buckets; NULL: any */
  int64_t port, seed, page_cap, keep_requests, max_in_flight, max_body;
  int64_t max_connections;
  double ready_after, latency;
  double rate_limit;     /* requests a second; 0: no limit */
  double retry_after;    /* Retry-After above the limit; below 0: none */
  double lag;            /* seconds until a search finds a write */
  sb_dialect dialect;
} sb_config;

typedef struct sb_op {
  const sb_config *config;
  sb_store *store;
  sb_snapshots *snapshots;
  const char *id;        /* from the path; NULL if it has none */
  const char *query;     /* behind the '?', still encoded, or NULL */
  const char *body;
  size_t length;
  unsigned tweaks;       /* set by a fault: SB_STUCK_DRAFT and so on */
  bool current;          /* answer in the spelling of the current dialect; what
                            the operation sets holds for later requests too */
  unsigned port;         /* of the server */
  int status;
  const char *type;      /* of the answer; NULL: JSON */
  char content_range[80], etag[40], modified[40];   /* of the answer, or "" */
  sb_text *out;
} sb_op;

/* Fails: the answer is {"message": …}, and what was written to `out` is
** dropped. */
void sb_op_fail(sb_op *op, int status, const char *format, ...)
  __attribute__((format(printf, 3, 4)));

/* Fails with SQLite's message. */
void sb_op_fail_database(sb_op *op);

/* The bits that change how an asset is shown: those of the fault, and
** SB_TWO_TYPES for a caller that speaks 2022. */
unsigned sb_op_tweaks(const sb_op *op);

/* Answers with the asset, or fails with 404. */
void sb_op_answer_asset(sb_op *op, int status, sb_spelling spelling);

/* Runs a statement that writes to the asset with the id ?1. False: the
** operation has failed. */
bool sb_op_write(sb_op *op, sqlite3_stmt *statement);

/* Answers with the text that the statement selects; ?1 is the id. */
void sb_op_answer_text(sb_op *op, const char *sql);

/* Checks that the asset is ready. False: the operation has failed. */
bool sb_op_is_ready(sb_op *op);

/* Answers with success and without content. */
void sb_op_answer_empty(sb_op *op);

/* The decoded value of the first parameter of that name, to be freed; NULL if
** there is none or it cannot be decoded. */
char *sb_op_parameter(const sb_op *op, const char *name);

/* Splits the next name and value off `rest`, whose text it changes. Returns 1;
** 0 at the end; -1 for an invalid escape. */
int sb_parameter_next(char **rest, char **name, char **value);

#endif
