/*
** src/core/schedule.c and limiter.c against servers with limits, on a
** simulated clock: a bulk run of many items, sixteen at a time, over a network
** with latency, on a machine that wakes late. Every item must succeed, in
** little more time than count / limit, with few refusals after the first
** second.
*/
#include "core/schedule.h"

#include <stdlib.h>

#include "check.h"

enum { JOBS = 16, CLIENTS = 4, MOST = 4000 };

/* A server: a leaky bucket as nginx's limit_req has it (rate 0: none), and a
** most of requests at once (0: any). */
typedef struct server {
  double rate, burst;
  int at_once;
  long refusal;             /* the status */
  double retry_after;       /* < 0: none */
  double latency;           /* seconds there and back */
  double jitter;            /* seconds by which requests arrive late */
  double from, until;       /* the limit is in force between these times */
  bool down;                /* within them: every request is refused */
  double excess, last;
  int open;
} server;

/* A program that works through its share of the items. */
typedef struct client {
  co_schedule schedule;
  co_transfer *under_way[JOBS];
  double arrives[JOBS];     /* when the answer is there */
  long status[JOBS];        /* which */
  int count, submitted, done;
  double late;              /* seconds by which it wakes late next */
} client;

typedef struct run {
  server *server;
  client clients[CLIENTS];
  int programs;
  double now;
  int done, right, sent, refused, late_sent, late_refused;
  double slowest_at_half;   /* its successes when half of all were */
  unsigned long seed;
} run;


static double chance(run *r) {
  r->seed = r->seed * 6364136223846793005UL + 1442695040888963407UL;
  return (double)(r->seed >> 11) / 9007199254740992.0;
}


/* nginx counts in milliseconds and thousandths of requests. */
static bool bucket_takes(server *s, double at) {
  double ms = floor(at * 1000) - floor(s->last * 1000);
  double excess = fmax(s->excess - s->rate * ms / 1000 + 1, 0);
  if (s->rate == 0) return true;
  if (s->last < 0) excess = 0;
  if (excess > s->burst) return false;
  s->excess = excess;
  s->last = at;
  return true;
}


static bool is_refused(server *s, double at) {
  if (s->until > 0 && (at < s->from || at >= s->until)) return false;
  return s->down || (s->at_once > 0 && s->open >= s->at_once) ||
         !bucket_takes(s, at);
}


static long answer_of(server *s, double at) {
  if (is_refused(s, at)) return s->refusal;
  s->open++;
  return 200;
}


static void submit(run *r, client *c) {
  if (c->submitted == c->count) return;
  co_transfer *t = co_transfer_new(co_endpoint_find("update"), 1000);
  co_schedule_add(&c->schedule, t, r->now);
  c->submitted++;
}


static void start(run *r, client *c, co_transfer *t) {
  int i = 0;
  while (c->under_way[i] != NULL) i++;
  co_schedule_start(&c->schedule, t, r->now);
  c->under_way[i] = t;
  double late = chance(r) * (chance(r) < 0.05 ? 5 : 1) * r->server->jitter;
  c->status[i] = answer_of(r->server, r->now + r->server->latency / 2 + late);
  bool good = c->status[i] == 200;
  c->arrives[i] = r->now + late +
                  r->server->latency * (good ? 1 + chance(r) : 0.5);
  r->sent++;
  r->refused += !good;
  if (r->now > 1) r->late_sent++;
  if (r->now > 1) r->late_refused += !good;
}


static void end(run *r, client *c, int i) {
  co_transfer *t = c->under_way[i];
  c->under_way[i] = NULL;
  if (c->status[i] == 200) r->server->open--;
  t->attempt.status = t->result.status = c->status[i];
  t->attempt.by_gateway = true;
  t->attempt.retry_after = c->status[i] == 200 ? -1 : r->server->retry_after;
  t->attempt.kind = t->result.kind = co_kind_of_status(c->status[i]);
  t->result.outcome = co_attempt_outcome(&t->attempt);
  co_schedule_attempted(&c->schedule, t, r->now);
}


static void collect(run *r, client *c) {
  co_transfer *t;
  while ((t = c->schedule.queues[CO_DONE].first) != NULL) {
    co_schedule_remove(&c->schedule, t);
    c->done++;
    r->done++;
    r->right += t->result.kind == CO_KIND_OK;
    co_transfer_free(t);
    submit(r, c);
  }
}


/* The end of a wait for time comes late. */
static double next_time(const run *r, const client *c) {
  double when = co_schedule_due(&c->schedule, r->now);
  if (when > r->now) when += c->late;
  for (int i = 0; i < JOBS; i++)
    if (c->under_way[i] != NULL) when = fmin(when, c->arrives[i]);
  return fmax(when, r->now);
}


static void act(run *r, client *c) {
  co_transfer *t;
  for (int i = 0; i < JOBS; i++)
    if (c->under_way[i] != NULL && c->arrives[i] <= r->now) end(r, c, i);
  collect(r, c);
  while ((t = co_schedule_next(&c->schedule, r->now)) != NULL) start(r, c, t);
  collect(r, c);
  c->late = chance(r) * (chance(r) < 0.02 ? 0.005 : 0.0003);
}


static void record_half_time(run *r, int count) {
  if (r->slowest_at_half > 0 || r->done < count / 2) return;
  r->slowest_at_half = count;
  for (int i = 0; i < r->programs; i++)
    r->slowest_at_half = fmin(r->slowest_at_half, r->clients[i].done);
}


static void play(run *r, int count) {
  while (r->done < count && r->sent < 20 * MOST) {
    client *next = &r->clients[0];
    for (client *c = next; c < &r->clients[r->programs]; c++)
      if (next_time(r, c) < next_time(r, next)) next = c;
    r->now = next_time(r, next);
    act(r, next);
    record_half_time(r, count);
  }
}


static run play_by(int programs, server *s, int count, unsigned long seed) {
  run r = {.server = s, .seed = seed, .programs = programs};
  s->last = -1;
  for (int i = 0; i < programs; i++) {
    client *c = &r.clients[i];
    c->count = count / programs;
    co_schedule_init(&c->schedule, JOBS, 0, 4, 120, seed + (unsigned long)i);
    while (c->submitted < JOBS && c->submitted < c->count) submit(&r, c);
  }
  play(&r, count / programs * programs);
  return r;
}


static run play_against(server *s, int count, unsigned long seed) {
  return play_by(1, s, count, seed);
}


/* Rate limits ------------------------------------------------------------ */

static void check_rate(double rate, double burst, long refusal,
                       double latency, double jitter, unsigned long seed) {
  char name[120];
  server s = {.rate = rate, .burst = burst, .refusal = refusal,
              .retry_after = -1, .latency = latency, .jitter = jitter};
  int count = rate < 50 ? 400 : 1200;
  run r = play_against(&s, count, seed);
  double wall = r.now / (count / rate);
  double part = (double)r.late_refused / r.late_sent;
  snprintf(name, sizeof name, "%g/s burst %g %ld latency %g jitter %g seed %lu:"
           " wall %.2f refused %.1f %%", rate, burst, refusal, latency,
           jitter, seed, wall, 100 * part);
  if (getenv("PACING")) printf("%s\n", name);
  CHECK_ROW(name, r.right == count);
  CHECK_ROW(name, wall <= (latency == 0.3 && jitter > 0 ? 1.4 : 1.25));
  CHECK_ROW(name, part <= 0.10);
}


static void test_rates(void) {
  static const double rates[] = {10, 50, 100}, bursts[] = {0, 20};
  static const double latencies[] = {0.002, 0.05, 0.3};
  for (size_t i = 0; i < ROWS(rates); i++)
    for (size_t j = 0; j < ROWS(bursts); j++)
      for (size_t k = 0; k < ROWS(latencies); k++) {
        if (rates[i] * latencies[k] > JOBS / 2.0) continue;
        for (unsigned long seed = 1; seed <= 3; seed++) {
          check_rate(rates[i], bursts[j], 429, latencies[k], 0, seed);
          check_rate(rates[i], bursts[j], 503, latencies[k], 0.001, seed);
        }
      }
}


/* Limits of requests at once --------------------------------------------- */

static void check_at_once(int most, double latency, unsigned long seed) {
  char name[100];
  server s = {.at_once = most, .refusal = 503, .retry_after = -1,
              .latency = latency};
  run r = play_against(&s, 2000, seed);
  double ideal = 2000 * 1.5 * latency / most, wall = r.now / ideal;
  double part = (double)r.late_refused / r.late_sent;
  snprintf(name, sizeof name, "%d at once, latency %g seed %lu: wall %.2f "
           "refused %.1f %%", most, latency, seed, wall, 100 * part);
  if (getenv("PACING")) printf("%s\n", name);
  CHECK_ROW(name, r.right == 2000);
  CHECK_ROW(name, r.now <= 1.15 * ideal + 0.5);
  CHECK_ROW(name, r.now < 1 || part <= 0.03);
}


static void test_at_once(void) {
  static const double latencies[] = {0.002, 0.02, 0.1};
  for (size_t i = 0; i < ROWS(latencies); i++)
    for (unsigned long seed = 1; seed <= 3; seed++)
      check_at_once(4, latencies[i], seed);
}


/* Other weather ---------------------------------------------------------- */

/* Nothing is paced or paused where nothing is refused. */
static void test_no_limit(void) {
  server s = {.latency = 0.02};
  run r = play_against(&s, 2000, 1);
  CHECK(r.right == 2000 && r.refused == 0);
  CHECK(isinf(r.clients[0].schedule.limiter.pace));
  CHECK(r.now < 1.1 * 2000 * 0.03 / JOBS);
}


/* With a number each refusal costs a second: they become rare. */
static void check_retry_after(double burst, double most) {
  server s = {.rate = 20, .burst = burst, .refusal = 429, .retry_after = 1,
              .latency = 0.01, .jitter = 0.001};
  run r = play_against(&s, 600, 1);
  if (getenv("PACING")) printf("Retry-After: 1, burst %g: wall %.2f refused "
    "%.1f %%\n", burst, r.now / 30, 100.0 * r.late_refused / r.late_sent);
  CHECK(r.right == 600);
  CHECK(r.now < most * 600 / 20);
  CHECK(r.late_refused < 0.1 * r.late_sent);
}


static void test_retry_after(void) {
  check_retry_after(0, 1.6);
  check_retry_after(10, 1.4);
  check_retry_after(20, 1.25);
}


/* Several programs with one limit, none of which knows of the others: the time
** over count / limit, the mean of ten runs. With a burst they share it well.
** Without one, a request may come too soon after one of another program,
** however slow both are: slower, but every item succeeds. */
static void check_shared(int programs, double rate, double burst,
                         double most) {
  double wall = 0, part = 0, fair = 0, runs = 10;
  int count = (int)rate * 24;
  for (unsigned long seed = 1; seed <= runs; seed++) {
    server s = {.rate = rate, .burst = burst, .refusal = 429,
                .retry_after = -1, .latency = 0.01, .jitter = 0.001};
    run r = play_by(programs, &s, count, seed);
    CHECK(r.right == count);
    wall += r.now / (count / rate) / runs;
    part += (double)r.late_refused / r.late_sent / runs;
    fair += r.slowest_at_half / (count / 2.0 / programs) / runs;
  }
  if (getenv("PACING")) printf("%d programs, %g/s burst %g: wall %.2f refused "
    "%.1f %%, the slowest has %.0f %% of its share\n", programs, rate, burst,
    wall, 100 * part, 100 * fair);
  CHECK(wall < most);
  CHECK(part < 0.2 && fair > 0.5);
}


static void test_shared(void) {
  check_shared(2, 50, 20, 1.1);
  check_shared(4, 50, 20, 1.4);
  check_shared(4, 100, 5, 1.4);
  check_shared(2, 50, 0, 1.5);
  check_shared(2, 100, 0, 1.8);
  check_shared(4, 100, 0, 6);
}


/* A limit that ends is forgotten: ten times faster after some seconds. */
static void test_limit_ends(void) {
  server s = {.rate = 20, .burst = 0, .refusal = 429, .retry_after = -1,
              .latency = 0.01, .from = 0, .until = 10};
  run r = play_against(&s, 3000, 1);
  CHECK(r.right == 3000);
  CHECK(isinf(r.clients[0].schedule.limiter.pace));
  CHECK(r.now < 30);
}


/* One that begins in the middle of a run is met without a loss. */
static void test_limit_begins(void) {
  server s = {.rate = 20, .burst = 5, .refusal = 503, .retry_after = -1,
              .latency = 0.01, .from = 1, .until = 1e9};
  run r = play_against(&s, 2000, 1);
  CHECK(r.right == 2000);
  CHECK(r.late_refused < 0.1 * r.late_sent);
}


/* Half a minute of 429 for everybody costs no item anything but time; few are
** sent meanwhile. */
static void test_closed_for_a_while(void) {
  server s = {.down = true, .refusal = 429, .retry_after = -1,
              .latency = 0.01, .from = 2, .until = 32};
  run r = play_against(&s, 3000, 1);
  CHECK(r.right == 3000);
  CHECK(r.refused < 60);
  CHECK(r.now < 32 + 25 + 10);
}


/* An outage (503 to all, for ever) is reported after the usual attempts. */
static void test_outage(void) {
  server s = {.down = true, .refusal = 503, .retry_after = -1,
              .latency = 0.01};
  run r = play_against(&s, 50, 1);
  CHECK(r.right == 0 && r.done == 50);
  CHECK(r.sent <= 5 * 50 && r.now < 60);
}


/* 429 for ever: the first items end by their deadline, few are sent, and no
** later item waits again. */
static void test_closed_for_ever(void) {
  server s = {.down = true, .refusal = 429, .retry_after = -1,
              .latency = 0.01};
  run r = play_against(&s, 1000, 1);
  CHECK(r.right == 0 && r.done == 1000);
  CHECK(r.now <= 180);
  CHECK(r.sent < 1500);
  if (getenv("PACING")) printf("%g %d\n", r.now, r.sent);
}


int main(void) {
  test_rates();
  test_at_once();
  test_no_limit();
  test_retry_after();
  test_shared();
  test_limit_ends();
  test_limit_begins();
  test_closed_for_a_while();
  test_outage();
  test_closed_for_ever();
  return check_report();
}
