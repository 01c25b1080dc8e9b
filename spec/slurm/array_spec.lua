-- docs/cookbook/shard.sh as an array of a real Slurm: a cluster of one node on loopback. A task
-- that Slurm stops and starts again resumes; no asset is written twice. `make slurm` runs it.

local codeocean = require "codeocean"
local deployment = require "deployment"
local host = require "host"
local process = require "process"

local PROGRAMS = { "munged", "slurmctld", "slurmd", "sbatch", "scontrol", "squeue" }
local SHARDS, ASSETS = 8, 160

-- Starts the array, stops a task amid its work, and waits for all of them. Prints the job's number.
local RUN = [[
job=$(sbatch --parsable --output=%x-%a.log shard.sh)
until [ -s shard-3.jsonl ] && grep -q intent shard-3.jsonl; do sleep 0.05; done
scontrol requeue ${job}_3
while squeue --noheader --job=$job | grep -q .; do sleep 0.3; done
scontrol show job $job
]]

local function missing()
  for _, name in ipairs(PROGRAMS) do
    if process.shell("PATH=$PATH:/usr/sbin; command -v " .. name).status ~= 0 then return name end
  end
end

-- The first item that occurs twice in the list.
local function repeated(list)
  local seen = {}
  for _, item in ipairs(list) do
    if seen[item] then return item end
    seen[item] = true
  end
end

local function cluster(words)
  return process.shell("spec/slurm/cluster " .. words)
end

describe("an array of Slurm", function()
  it("tags every asset once, though a task is stopped and started again", function()
    if not os.getenv "SLURM" then return pending "only make slurm runs it" end
    local name = missing()
    if name then return pending(name .. " is not here") end
    local here = deployment.start { seed = ASSETS, ready_after = 0 }
    local folder = process.folder()
    finally(function()
      cluster("stop " .. folder)
      process.clean(folder)
      here:stop()
    end)
    local started = cluster(("start %s %d %d"):format(folder, host.free_port(), host.free_port()))
    assert.are.equal(0, started.status, started.err)

    local env = { SLURM_CONF = folder .. "/slurm.conf" }
    local function run(code)
      local result = here:shell("set -eu\n" .. code, { env = env })
      assert.are.equal(0, result.status, result.err .. result.out)
      return result.out, result.written
    end

    process.shell("cp docs/cookbook/shard.sh " .. process.quote(here.folder))
    run "colua search --archived any --fields id --tsv > ids.tsv"
    local lines = select(2, process.read(here.folder .. "/ids.tsv"):gsub("\n", ""))
    assert.are.equal(1 + ASSETS, lines) -- the first has the name of the column

    local shown, written = run(RUN)
    assert.are.equal(SHARDS, select(2, shown:gsub("JobState=COMPLETED", "")), shown)
    assert.are.equal(1, select(2, shown:gsub("Restarts=1", "")), shown)
    assert.are.equal(ASSETS, #written)
    assert.is_nil(repeated(written))
    local merged = codeocean.json.decode(run "colua runs --merge --jsonl shard-*.jsonl")
    assert.are.same({ SHARDS, ASSETS, ASSETS, SHARDS }, { merged.runs, merged.total,
      merged.counts.ok, merged.states.done })
  end)
end)
