-- Inside Slurm's commands, whose Lua 5.1 cannot load the module: runs colua as a program. A job
-- that names its asset in its comment is submitted only if that asset is ready.
--
--   CliFilterPlugins=cli_filter/lua        in slurm.conf, with this file in the same folder
--
--   sbatch --comment=asset:fea84ebf-b58b-4ad2-994d-7169dc3880fb job.sh

-- Whether the asset is ready; if not, what colua printed.
local function is_ready(id)
  local pipe = assert(io.popen("colua get --fields state --jsonl " .. id .. " 2>&1"))
  local line = pipe:read "*l" or "colua printed nothing"
  pipe:close()
  return line == '{"state":"ready"}', line
end

-- luacheck: globals slurm slurm_cli_setup_defaults slurm_cli_pre_submit slurm_cli_post_submit
function slurm_cli_pre_submit(job)
  local id = (job.comment or ""):match "^asset:([%x-]+)$"
  if not id then return slurm.SUCCESS end
  local ready, line = is_ready(id)
  if ready then return slurm.SUCCESS end
  slurm.log_error("asset %s: %s", id, line)
  return slurm.ERROR
end

-- Slurm wants these two as well.
function slurm_cli_setup_defaults() return slurm.SUCCESS end
function slurm_cli_post_submit() return slurm.SUCCESS end
