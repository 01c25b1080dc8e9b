/*
** The criteria of a search, read from a query string or a JSON body. search.c
** makes one for each request and frees it.
*/
#ifndef SB_CRITERIA_H
#define SB_CRITERIA_H

#include "sandbox/api/operation.h"

#define SB_TOKEN_SIZE 40

/* A choice is its index in its list, from 0; -1: not given. */
typedef struct sb_criteria {
  int64_t start, limit;
  int sort, descending, type, ownership, external, favorite, archived;
  sb_text query;      /* as it was sent */
  sb_text match;      /* the expression for the index of words */
  sb_text filters;    /* a JSON array, with the query's filters */
  char token[SB_TOKEN_SIZE];
} sb_criteria;

void sb_criteria_init(sb_criteria *criteria);
void sb_criteria_free(sb_criteria *criteria);

/* Read the criteria. False: the operation has failed with 400. */
bool sb_criteria_from_query(sb_criteria *criteria, sb_op *op);
bool sb_criteria_from_body(sb_criteria *criteria, sb_op *op);

#endif
