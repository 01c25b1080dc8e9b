/*
** Additive growth and multiplicative decrease of the window; search for the
** pace, then small steps around it; pauses; the repeat budget.
*/
#include "core/limiter.h"

#include <math.h>

/* The window at the start: low enough not to strain an unknown server, high
** enough that growth to a usual `jobs` costs about one round trip. */
static const double first_window = 8;

/* Successes before the window tries again to go above a refused level: at
** first, and when the same level was refused again and again. */
static const double patience_first = 8, patience_most = 64;

/* The budget of repeats: five successes earn one repeat. A full budget lasts
** through a burst of failures; it is empty when most requests fail. */
static const double budget_full = 100;
static const double budget_earned = 0.2;

/* Seconds: the longest pause that a server's Retry-After can cause. */
static const double longest_hold = 3600;

/* Seconds: the first pause while no limit is known, and the longest pause
** without a Retry-After. If the pace is known, the pause is
** pause_intervals of its intervals. */
static const double first_pause = 0.05, longest_pause = 20;
static const double pause_intervals = 0.06;

/* Requests a second: the slowest pace. */
static const double slowest = 0.05;

/* The search for a limit: a success adds the part growth_fastest to the pace. A
** pace of more than overshoot times the one refused last was far too high. */
static const double growth_fastest = 0.12, overshoot = 2;

/* Near the limit a push-back cuts the pace by the part cut_least (by more, up
** to cut_most, in the search and after a costly pause), and some usual_run
** successes grow it back: about one request in usual_run is refused. */
static const double cut_least = 0.04, cut_most = 0.3, usual_run = 22;

/* Far above the limit, push-backs cost more than lost_much intervals for each
** success (average over lost_over successes): the pace is cut by the part that
** is lost, by cut_half at most. Programs that share a limit, whose server lets
** no burst through, are sometimes refused because they send at the same time.
** Such push-backs cost less, and the pace must not be cut for them. */
static const double lost_much = 0.25, lost_over = 4, cut_half = 0.5;

/* A pause that costs more requests than cheap_pause more than doubles the cut.
** For each request that the pause cost, the pace takes run_of_cost successes
** longer to grow back, so the next pause comes later. */
static const double cheap_pause = 8, run_of_cost = 8;

/* The limit is forgotten when the pace reaches limit_gone times the pace that
** was refused last, after gone_after successes. */
static const double limit_gone = 4, gone_after = 50;

/* If the pace is below crowd times the pace that was refused last, the reason
** of a refusal may be too many requests at once. */
static const double crowd = 1.2;


void co_limiter_init(co_limiter *l, int jobs, double rate) {
  *l = (co_limiter){
    .jobs = jobs, .window = fmin(first_window, jobs), .calm = jobs,
    .patience = 1, .full_at = -INFINITY, .cut_at = -INFINITY,
    .rate = rate, .pace = INFINITY, .growth = growth_fastest,
    .next_start = -INFINITY, .pushed_at = -INFINITY, .search_from = INFINITY,
    .held_from = -INFINITY, .held_until = -INFINITY,
    .budget = budget_full
  };
}


/* Starting --------------------------------------------------------------- */

/* Requests a second; INFINITY: no limit. */
static double allowed_rate(const co_limiter *l) {
  return fmin(l->rate > 0 ? l->rate : INFINITY, l->pace);
}


double co_limiter_delay(const co_limiter *l, double now) {
  if (l->in_flight >= (int)l->window) return -1;
  double from = fmax(l->held_until, l->next_start);
  return fmax(from - now, 0);
}


/* The window ------------------------------------------------------------- */

/* Grows the window for a success that was under way while the whole window
** was in use: only such a success shows that the window may be wider. */
static void grow_window(co_limiter *l, double started) {
  if (started > l->full_at) return;
  double step = l->window < l->calm ? 1 : 1 / fmax(l->patience, l->window);
  l->window = fmin(l->window + step, l->jobs);
}


/* Cuts the window, unless the request was in flight at the last cut: all
** requests that were in flight then report the same strain. */
static void cut_window(co_limiter *l, double window, double patience,
                       double started, double now) {
  if (started < l->cut_at) return;
  l->window = l->calm = fmax(window, 1);
  l->patience = patience;
  l->cut_at = now;
}


/* The pace --------------------------------------------------------------- */

/* Grows the pace for a success. The longer nothing is refused, the faster the
** pace grows: the limit may be gone. */
static void grow_pace(co_limiter *l) {
  if (isinf(l->pace)) return;
  double hurry = fmax(l->through / (2 * usual_run), 1);
  l->pace *= 1 + fmin(l->growth * hurry, growth_fastest);
  bool gone = l->pace > limit_gone * l->limit && l->through >= gone_after;
  if (gone) l->pace = INFINITY;
}


/* The search begins at a low pace: the requests before the first push-back
** tell nothing about the limit, for a server may let a burst through. */
static void begin_search(co_limiter *l, double now) {
  l->pace = l->limit = 1 / first_pause;
  l->growth = growth_fastest;
  l->search_from = now;
}


/* The part by which a push-back cuts the pace. `least`: see cut_pace. */
static double cut_of(const co_limiter *l, double least) {
  double near = fmin(fmax(least, l->growth), cut_most);
  double lost = l->lost_usual >= lost_much ? l->lost_usual : 0;
  double far = fmin(lost / (1 + lost), cut_half);
  bool overshot = l->pace > overshoot * l->limit;
  double back = overshot ? 1 - sqrt(l->limit / l->pace) : 0;
  return fmax(fmax(near, far), back);
}


/* Cuts the pace after a push-back. A pause costs as many requests as the pace
** would have sent in it. The more a pause costs, the more the pace is cut and
** the slower it grows back, so that pauses are rare. */
static void cut_pace(co_limiter *l, double pause) {
  double cost = pause * l->pace;
  double least = fmin(cut_least * (1 + cost / cheap_pause), cut_most);
  double pace = l->pace * (1 - cut_of(l, least));
  if (l->lost_usual >= lost_much) l->lost_usual = 0;
  l->limit = l->pace;
  l->pace = fmax(pace, slowest);
  l->growth = fmax(l->growth / 2, least / (usual_run + run_of_cost * cost));
}


int co_limiter_start(co_limiter *l, double now) {
  double interval = 1 / allowed_rate(l);
  l->in_flight++;
  if (l->in_flight >= (int)l->window) l->full_at = now;
  l->started_last = now;
  if (interval > 0) l->next_start = fmax(l->next_start, now) + interval;
  return l->in_flight;
}


/* Pauses ----------------------------------------------------------------- */

void co_limiter_hold(co_limiter *l, double seconds, double now) {
  double until = now + fmin(seconds, longest_hold);
  if (now >= l->held_until) {
    l->held_before = co_limiter_held(l, now);
    l->held_from = l->held_until = now;
  }
  l->held_until = fmax(l->held_until, until);
}


double co_limiter_held(const co_limiter *l, double now) {
  if (isinf(l->held_from)) return 0;
  return l->held_before + fmin(now, l->held_until) - l->held_from;
}


/* The pause after a push-back without Retry-After: a part of an interval of the
** pace, doubled for each push-back since the last success, plus a random part
** of up to half of that. */
static double own_pause(const co_limiter *l, double random) {
  double base = fmin(pause_intervals / l->pace, first_pause);
  if (isinf(l->pace)) base = first_pause;
  double pause = fmin(ldexp(base, l->pushes), longest_pause);
  return pause * (1 + random / 2);
}


/* The pause after a push-back; never shorter than the server's `seconds`. */
static double pause_of(const co_limiter *l, double seconds, double random) {
  if (seconds <= 0) return own_pause(l, random);
  return seconds * (1 + random / 4);
}


/* Ends ------------------------------------------------------------------- */

static void count_success(co_limiter *l, double started, int level) {
  l->through++;
  l->total++;
  l->lost_usual += (l->lost - l->lost_usual) / lost_over;
  l->lost = 0;
  if (started >= l->pushed_at) l->pushes = 0;
  if (level > l->level) l->level = level;
  l->budget = fmin(l->budget + budget_earned, budget_full);
}


void co_limiter_end(co_limiter *l, co_strain strain, double started,
                    int level, double now) {
  l->in_flight--;
  if (strain == CO_STRAINED)
    cut_window(l, l->window / 2, 1, started, now);
  if (strain != CO_CALM) return;
  count_success(l, started, level);
  grow_window(l, started);
  grow_pace(l);
}


/* Whether the server limits requests at once, not their rate. That is so if it
** refused a level above all that got through recently, and the pace is hardly
** above the one that was refused last. If the window was cut for such a limit
** before (patience > 1), the refused level must be above that cut, at any pace.
** If the same level was refused again since (patience > patience_first), a
** level that got through is no counter-evidence: a request may get through
** because another has just ended. Levels up to 2 never count: two requests may
** have started too close together. */
static bool is_crowded(const co_limiter *l, int level) {
  if (level <= 2) return false;
  bool above = level > l->level;
  if (l->patience > 1)
    return level > (int)l->calm && (above || l->patience > patience_first);
  return above && level > l->level_before && l->pace <= crowd * l->limit;
}


/* Cuts the window below a refused level. */
static void leave_level(co_limiter *l, int level, double started, double now) {
  bool again = level - 1 == (int)l->calm;
  double patience = again ? fmin(2 * l->patience, patience_most)
                          : patience_first;
  cut_window(l, level - 1, patience, started, now);
}


/* Undoes leave_level once a level below the cut is refused too: the server
** limits the rate. */
static void free_window(co_limiter *l, int level) {
  if (l->patience == 1 || level > (int)l->calm) return;
  l->window = l->calm = l->jobs;
  l->patience = 1;
}


/* Begins the search for the pace, or cuts the pace. While nothing gets through,
** the pauses grow and the pace stays. */
static void slow_down(co_limiter *l, int level, double pause, double now) {
  if (isinf(l->pace)) {
    begin_search(l, now);
  } else if (l->through > 0) {
    cut_pace(l, pause);
    free_window(l, level);
  }
}


/* Starts to count anew after a push-back. The highest level that got through
** before is forgotten step by step. */
static void begin_sample(co_limiter *l, double now) {
  l->level_before = l->level >= l->level_before ? l->level
                                                : l->level_before - 1;
  l->level = 0;
  l->through = 0;
  l->pushed_at = now;
}


/* Gives back the interval of a refused request, unless another request has
** started since, or the user set the rate, which counts refused requests. */
static void give_back_interval(co_limiter *l, double started, double now) {
  if (l->rate == 0 && started == l->started_last) l->next_start = now;
}


/* Adds what a refused request cost, in intervals of the pace: its pause, and
** the time from its start to its answer, one interval at most. */
static void count_lost(co_limiter *l, double started, double pause,
                       double now) {
  if (isinf(l->pace) || started < l->search_from) return;
  double used = fmin((now - started) * l->pace, 1);
  l->lost += used + pause * l->pace;
}


/* Counts a push-back of a request that was in flight at the last push-back. */
static void push_back_again(co_limiter *l, double started, double seconds,
                            double now) {
  count_lost(l, started, 0, now);
  if (seconds > 0) co_limiter_hold(l, seconds, now);
}


/* Cuts the window or the pace, then pauses. If the server limits requests at
** once, the window is enough: a pause follows only if nothing got through. */
static void push_back_first(co_limiter *l, double started, int level,
                            double pause, double now) {
  bool crowded = is_crowded(l, level);
  if (crowded) leave_level(l, level, started, now);
  else slow_down(l, level, pause, now);
  give_back_interval(l, started, now);
  if (!crowded || l->through == 0) co_limiter_hold(l, pause, now);
  if (l->pushes == 0) l->pushed_since = now;
  if (l->through == 0) l->pushes++;
  begin_sample(l, now);
}


void co_limiter_push_back(co_limiter *l, double started, int level,
                          double seconds, double random, double now) {
  double pause = pause_of(l, seconds, random);
  l->in_flight--;
  if (started < l->pushed_at) {
    push_back_again(l, started, seconds, now);
    return;
  }
  if (seconds <= 0) count_lost(l, started, pause, now);
  push_back_first(l, started, level, pause, now);
}


bool co_limiter_spend_repeat(co_limiter *l) {
  if (l->budget < 1) return false;
  l->budget -= 1;
  return true;
}
