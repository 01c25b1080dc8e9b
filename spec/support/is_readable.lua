-- is_readable(client, seconds) -> whether the client's descriptor, as a host's loop polls it, is
-- readable within that time. A nudge that is older than a millisecond comes again after a moment.

local cqueues = require "cqueues"

return function(client, seconds)
  local descriptor = { pollfd = client:pollfd(), events = "r" }
  return cqueues.poll(descriptor, seconds) == descriptor
end
