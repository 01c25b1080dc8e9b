/*
** Retry-After never gives a pause that is negative or not a number.
*/
#include <math.h>

#include "core/retry.h"
#include "fuzz.h"


int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
  char *text = fuzz_text(bytes, length);
  double seconds = co_retry_after(text, 1700000000);
  MUST(!isnan(seconds) && (seconds >= 0 || seconds == -1));
  co_attempt attempt = {
    .number = 1, .spent = 1, .kind = CO_KIND_THROTTLED, .status = 429,
    .retry_after = seconds
  };
  co_retry_policy policy = {.retries = 4, .base = 0.5, .ceiling = 20};
  double pause = co_retry_pause(&attempt, &policy, 120, 0.5);
  MUST(pause < 0 || (pause < 120 && pause >= seconds));
  free(text);
  return 0;
}
