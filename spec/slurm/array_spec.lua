-- A real Slurm: a cluster of one node on loopback. docs/cookbook/shard.sh as an array: a task that
-- Slurm stops and starts again resumes; no asset is written twice. examples/slurm/cli_filter.lua in
-- its sbatch. `make slurm` runs both.

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

describe("Slurm", function()
  -- A deployment, and shell code run beside it with the cluster's commands; or nil and why not.
  local function begin(options, filter)
    if not os.getenv "SLURM" then return nil, "only make slurm runs it" end
    local name = missing()
    if name then return nil, name .. " is not here" end
    local here = deployment.start(options)
    local folder = process.folder()
    finally(function()
      cluster("stop " .. folder)
      process.clean(folder)
      here:stop()
    end)
    local started = cluster(("start %s %d %d %s"):format(folder, host.free_port(),
      host.free_port(), filter or ""))
    assert.are.equal(0, started.status, started.err)
    return here, function(code)
      return here:shell("set -eu\n" .. code, { env = { SLURM_CONF = folder .. "/slurm.conf" } })
    end
  end

  it("tags every asset once in an array, though a task is stopped and started again", function()
    local here, shell = begin { seed = ASSETS, ready_after = 0 }
    if not here then return pending(shell) end
    local function run(code)
      local result = shell(code)
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

  it("submits a job if the asset that its comment names is ready, by a filter", function()
    local here, shell = begin({ seed = 1, ready_after = 3600 }, "examples/slurm/cli_filter.lua")
    if not here then return pending(shell) end
    local assets = here.client.data_assets
    local seeded = assert(assets:search { limit = 1 }).results[1]
    local draft = assert(assets:create { name = "a", mount = "a", tags = codeocean.json.array {},
      source = { aws = { bucket = "b" } } })
    assert.are.same({ "ready", "draft" }, { seeded.state, draft.state })
    local function submit(comment)
      return shell(("sbatch --parsable --comment='%s' --wrap true"):format(comment))
    end
    for _, comment in ipairs { "a night run", "asset:" .. seeded.id } do
      local result = submit(comment)
      assert.are.same({ 0, "" }, { result.status, result.err })
      assert.is_truthy(result.out:find "^%d+\n$", result.out)
    end
    local refused = submit("asset:" .. draft.id)
    assert.are.equal(1, refused.status)
    local reason = ('asset %s: {"state":"draft"}'):format(draft.id)
    assert.is_truthy(refused.err:find(reason, 1, true), refused.err)
  end)
end)
