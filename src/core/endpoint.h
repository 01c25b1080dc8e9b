/*
** The operations of the API as rows of a constant table. A new endpoint is a
** new row; the binding and the engine read the rows and need no change. The
** name of a row is the name of the client's method. The sandbox does not use
** this table: it has routes of its own, written from the API's documents.
*/
#ifndef CO_ENDPOINT_H
#define CO_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>

typedef enum co_type {
  CO_TEXT,     /* string */
  CO_FLAG,     /* boolean */
  CO_INTEGER,  /* integer >= 0 */
  CO_TEXTS,    /* list of strings */
  CO_FIELDS,   /* object with rows of its own */
  CO_ITEMS,    /* list of such objects */
  CO_LIST,     /* list of any JSON values */
  CO_METADATA, /* object of any names; an empty table in it is a list */
  CO_VALUE     /* any JSON value: this client does not look inside */
} co_type;

enum {
  CO_REQUIRED = 1,
  CO_SECRET = 2,   /* masked wherever a server repeats it */
  CO_LOCAL = 4,    /* for this client only: removed before sending */
  CO_OPEN = 8      /* unknown fields pass, unless a known name is near */
};

typedef struct co_param co_param;
struct co_param {
  const char *name;     /* NULL in the row that ends a list */
  co_type type;
  unsigned flags;
  const char *choices;  /* "asc|desc": the texts that are valid; or NULL */
  const co_param *fields;
};

typedef enum co_repeat {
  CO_REPEAT_ANY,          /* idempotent: always safe to repeat */
  CO_REPEAT_UNPROCESSED   /* only if the server surely did not process it */
} co_repeat;

typedef enum co_answer {
  CO_ASSET,
  CO_PAGE,     /* {results = list of assets, …} */
  CO_OBJECT,   /* any other JSON object */
  CO_BYTES,    /* the bytes as they are, of any kind */
  CO_NOTHING
} co_answer;

typedef struct co_endpoint {
  const char *name;
  const char *called;     /* the client's method, if its name differs */
  const char *method;
  const char *path;       /* below /api/v1; {id} stands for the asset's id */
  const co_param *query;  /* or NULL */
  const co_param *body;   /* or NULL: no body is sent */
  bool open_body;         /* unknown fields pass (a newer API may have them) */
  bool writes;
  bool gone_is_done;      /* a 404 after a lost answer is a success */
  co_repeat repeat;
  co_answer answer;
} co_endpoint;

/* The rows; the last has no name. */
extern const co_endpoint co_endpoints[];

/* A pause, which is not an operation of the API: a transfer that sends nothing
** and is done after some seconds. client:sleep waits for such a transfer. */
extern const co_endpoint co_pause;

/* Reads a file at an address that the API has signed. The address belongs to a
** storage, which gets none of this client's credentials. */
extern const co_endpoint co_read_file;

/* The row of an operation; NULL if no row has that name. */
const co_endpoint *co_endpoint_find(const char *name);

/* The operation's name in messages, which is the client's method. */
const char *co_endpoint_called(const co_endpoint *endpoint);

/* The row of that name, or NULL. */
const co_param *co_param_find(const co_param *rows, const char *name);

/* The row that an unknown name most likely means (core/text/nearest.h), or
** NULL. */
const co_param *co_param_nearest(const co_param *rows, const char *name);

/* Whether the text is one of the choices in "a|b|c". */
bool co_choice_valid(const char *choices, const char *text);

#endif
