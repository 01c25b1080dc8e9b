/*
** The paths of the API, and the steps of a request: find the route, check the
** caller, the version and the body, then run the operation.
*/
#ifndef SB_ROUTE_H
#define SB_ROUTE_H

#include "sandbox/http/access.h"
#include "sandbox/api/operation.h"

typedef struct sb_route {
  const char *operation, *method, *path;
  unsigned dialects;
  unsigned flags;
  void (*run)(sb_op *op);
} sb_route;

/* The route of a request, or NULL. `id` gets the id in the path, or "". */
const sb_route *sb_route_find(sb_dialect dialect, const char *method,
                              const char *path, char id[static SB_ID_SIZE]);

/* The methods of the path, for the header Allow; "" for an unknown path. */
void sb_route_allowed(sb_dialect dialect, const char *path, char *methods,
                      size_t size);

/* The operation of the route at an index, from 0; NULL behind the last. Several
** routes may have one operation. */
const char *sb_route_operation_at(size_t index);

/* Answers the request that has the headers in `entry` and the body in `op`. */
void sb_route_run(const sb_route *route, sb_op *op, sb_caller caller,
                  const sb_entry *entry);

#endif
