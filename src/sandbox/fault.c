/*
** The list of faults, and the choice of the requests that they affect. Lua's
** thread adds to the list while the server's thread reads it: a lock protects
** the list, and a reference count keeps a fault that is in use.
*/
#include "sandbox/fault.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct sb_faults {
  pthread_mutex_t lock;
  sb_fault *first;
};


sb_faults *sb_faults_new(void) {
  sb_faults *faults = calloc(1, sizeof *faults);
  if (faults && pthread_mutex_init(&faults->lock, NULL) == 0) return faults;
  free(faults);
  return NULL;
}


void sb_faults_free(sb_faults *faults) {
  if (!faults) return;
  sb_faults_clear(faults);
  pthread_mutex_destroy(&faults->lock);
  free(faults);
}


void sb_fault_drop(sb_fault *fault) {
  if (!fault || atomic_fetch_sub(&fault->references, 1) > 1) return;
  for (int i = 0; i < SB_FAULT_TEXTS; i++) free((char *)fault->text[i].bytes);
  free(fault);
}


void sb_faults_clear(sb_faults *faults) {
  pthread_mutex_lock(&faults->lock);
  sb_fault *fault = faults->first;
  faults->first = NULL;
  pthread_mutex_unlock(&faults->lock);
  while (fault) {
    sb_fault *next = fault->next;
    sb_fault_drop(fault);
    fault = next;
  }
}


static bool copy_texts(sb_fault *fault, const sb_fault *model) {
  for (int i = 0; i < SB_FAULT_TEXTS; i++) fault->text[i].bytes = NULL;
  for (int i = 0; i < SB_FAULT_TEXTS; i++) {
    size_t length = model->text[i].length;
    if (!model->text[i].bytes) continue;
    char *copy = malloc(length + 1);
    if (!copy) return false;
    memcpy(copy, model->text[i].bytes, length);
    copy[length] = '\0';
    fault->text[i].bytes = copy;
  }
  return true;
}


/* Appends at the end: the first fault that fits a request affects it. */
static void append(sb_faults *faults, sb_fault *fault) {
  pthread_mutex_lock(&faults->lock);
  sb_fault **end = &faults->first;
  while (*end) end = &(*end)->next;
  *end = fault;
  pthread_mutex_unlock(&faults->lock);
}


bool sb_faults_add(sb_faults *faults, const sb_fault *model) {
  sb_fault *fault = malloc(sizeof *fault);
  if (!fault) return false;
  *fault = *model;
  fault->next = NULL;
  fault->random = sb_mix((uint64_t)model->seed);
  atomic_init(&fault->references, 1);
  if (!copy_texts(fault, model)) {
    sb_fault_drop(fault);
    return false;
  }
  append(faults, fault);
  return true;
}


static bool concerns(const sb_fault *fault, const char *const asked[4]) {
  for (int i = SB_OF_OPERATION; i <= SB_OF_ID; i++) {
    const char *wanted = fault->text[i].bytes;
    if (wanted && (!asked[i] || strcmp(wanted, asked[i]) != 0)) return false;
  }
  return true;
}


/* Counts a request that fits the fault. Returns whether the fault affects
** it. */
static bool is_due(sb_fault *fault) {
  if (fault->count <= 0) return false;
  if (fault->skip > 0) {
    fault->skip--;
    return false;
  }
  if (fault->probability >= 0) {
    fault->random = sb_mix(fault->random);
    double drawn = (double)(fault->random >> 11) * 0x1p-53;
    if (drawn >= fault->probability) return false;
  }
  fault->count--;
  return true;
}


sb_fault *sb_faults_match(sb_faults *faults, const char *const asked[4]) {
  pthread_mutex_lock(&faults->lock);
  sb_fault *fault = faults->first;
  while (fault && !(concerns(fault, asked) && is_due(fault)))
    fault = fault->next;
  if (fault) atomic_fetch_add(&fault->references, 1);
  pthread_mutex_unlock(&faults->lock);
  return fault;
}
