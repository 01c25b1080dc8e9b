-- Starts busted under the Lua that runs this file: spec/run starts colua with it, without a process
-- between, so that it sees how colua ended.

require "busted.runner" { standalone = false }
