/*
** Faults: misbehaviour of the server that Lua orders. A fault says which
** requests it affects; its kind (fault_kinds.c) says how their answers change.
*/
#ifndef SB_FAULT_H
#define SB_FAULT_H

#include <stdatomic.h>

#include "sandbox/http/answer.h"

typedef struct sb_fault_kind sb_fault_kind;
typedef struct sb_faults sb_faults;

typedef enum sb_fault_text {
  SB_OF_OPERATION, SB_OF_METHOD, SB_OF_PATH, SB_OF_ID,   /* which requests */
  SB_BODY, SB_HEADERS, SB_LOCATION, SB_RETRY_AFTER,      /* of the answer */
  SB_FAULT_TEXTS
} sb_fault_text;

typedef struct sb_fault {
  const sb_fault_kind *kind;
  struct { const char *bytes; size_t length; } text[SB_FAULT_TEXTS];
  double count, skip;         /* INFINITY: without end */
  double probability;         /* below 0: always */
  double seed;
  double status, bytes, depth;   /* below 0: the kind's default */
  double delay, interval;
  int apply;                  /* below 0: the kind's default */
  bool after_headers;

  /* Private to fault.c: */
  atomic_int references;
  uint64_t random;
  struct sb_fault *next;
} sb_fault;

/* The kind of that name, or NULL. */
const sb_fault_kind *sb_fault_kind_named(const char *name);

/* The name of the kind at an index, from 0; NULL behind the last. */
const char *sb_fault_kind_at(size_t index);

/* Whether the option is one of the kind's own; false for those of all kinds. */
bool sb_fault_kind_has_option(const sb_fault_kind *kind, const char *option);

/* The functions for sb_faults may be called from any thread. */
sb_faults *sb_faults_new(void);
void sb_faults_free(sb_faults *faults);
void sb_faults_clear(sb_faults *faults);

/* Appends a copy of `model`. False if memory is out. */
bool sb_faults_add(sb_faults *faults, const sb_fault *model);

/* The first fault that affects the request, with a reference, or NULL. `asked`
** has the request's operation, method, path and id. */
sb_fault *sb_faults_match(sb_faults *faults, const char *const asked[4]);
void sb_fault_drop(sb_fault *fault);

/* Whether the operation is carried out; the bits that change it (SB_STUCK_DRAFT
** and so on); the kind's name. sb_fault_shape changes the answer. */
bool sb_fault_applies(const sb_fault *fault);
unsigned sb_fault_tweaks(const sb_fault *fault);
const char *sb_fault_name(const sb_fault *fault);
void sb_fault_shape(const sb_fault *fault, sb_answer *answer);

#endif
