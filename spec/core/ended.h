/*
** A transfer whose attempt has ended, for tests of what is made of it.
*/
#ifndef CORE_ENDED_H
#define CORE_ENDED_H

#include "core/transfer.h"

static const char base[] = "https://acme.codeocean.com/api/v1";
static const char id[] = "fea84ebf-b58b-4ad2-994d-7169dc3880fb";


static co_transfer *ended(long status, CURLcode code, co_kind kind) {
  co_transfer *t = co_transfer_new(co_endpoint_find("get"), 1000);
  co_transfer_address(t, base, id);
  t->attempt = (co_attempt){.number = 2, .status = status, .code = code,
                            .kind = kind};
  t->traffic = (co_traffic){.connections = 1, .sent = 100, .received = 200,
                            .microseconds = 1500};
  return t;
}

#endif
