-- The language of `query`.

local peer = require "peer"

describe("a query of the sandbox", function()
  local it_has

  setup(function()
    it_has = peer.start { ready_after = 0 }
    local assets = {
      { name = "ecephys_714635_2023-05-18", description = "Left cortex, deep",
        tags = { "Alpha", "two photon" } },
      { name = "ecephys_700001_2024-01-02", description = "right cortex",
        tags = { "alphabet" } },
      { name = "SmartSPIM_714635_2022-02-02", description = "whole brain; name is OR",
        tags = { "none" } },
      { name = "Größe 50% \"odd\"", description = "", tags = { "a-b", "café" } },
    }
    assets[5] = { name = "captured", description = "none", custom_metadata = { ["subject id"] =
      "366122", modality = "ecephys", rig = 3, sites = { "CA1", "CA3" } }, results_info = {
      capsule_id = "c", commit = "0f3c9a77d1", run_script = "code/run_sorting.py" } }
    for _, asset in ipairs(assets) do assert.equal(200, (it_has:create(asset))) end
  end)

  teardown(function() it_has.sandbox:stop() end)

  local function found(query)
    local encoded = query:gsub("[^%w]", function(c) return ("%%%02X"):format(c:byte()) end)
    local marks = {}
    for _, name in ipairs(it_has:names("sort_field=name&query=" .. encoded)) do
      marks[#marks + 1] = name:sub(1, 9)
    end
    return table.concat(marks, " ")
  end

  local all = "captured ecephys_7 ecephys_7 Größe 5 SmartSPIM"

  -- query, what it finds
  local rows = {
    { "", all },
    { "   ", all },
    { "name:", all },
    { "name:ecephys", "ecephys_7 ecephys_7" },
    { "name:ECEPHYS", "ecephys_7 ecephys_7" },
    { "NAME:ecephys", "ecephys_7 ecephys_7" },
    { "name:ece", "ecephys_7 ecephys_7" },
    { "name:phys", "" },
    { "name:714635", "ecephys_7 SmartSPIM" },
    { "name:ecephys_714635", "ecephys_7" },
    { "name:2023-05", "ecephys_7" },
    { "name:cortex", "" },
    { "cortex", "ecephys_7 ecephys_7" },
    { "left cortex", "ecephys_7" },
    { "cortex left", "ecephys_7" },
    { "\"left cortex\"", "ecephys_7" },
    { "\"cortex left\"", "" },
    { "\"left cort\"", "" },
    { "left cort", "ecephys_7" },
    { "tag:alpha", "ecephys_7" },
    { "tag:ALPHABET", "ecephys_7" },
    { "tag:alph", "" },
    { "tag:\"two photon\"", "ecephys_7" },
    { "tag:\"photon two\"", "" },
    { "tag:a-b", "Größe 5" },
    { "name:smartspim name:ecephys", "ecephys_7 ecephys_7 SmartSPIM" },
    { "tag:alpha tag:alphabet", "ecephys_7 ecephys_7" },
    { "name:714635 tag:alpha", "ecephys_7" },
    { "name:714635 name:700001 cortex", "ecephys_7 ecephys_7" },
    { "name:714635 whole", "SmartSPIM" },
    { "größe", "Größe 5" },
    { "GRÖSSE", "" },
    { "name:odd", "Größe 5" },
    { "name:eceph*s", "" },
    { "*", "" },
    { "name:***", "" },
    { "NOT cortex", "" },
    { "name AND is", "" },
    { "name is OR", "SmartSPIM" },
    { "nonsense:cortex", "" },
    { "run_script:code/run_sorting.py", "captured" },
    { "run_script:run_sorting", "captured" },
    { "run_script:unsorted", "" },
    { "run_script:code", "captured" },
    { "commit_id:0f3c9a77d1", "captured" },
    { "commit_id:0f3c", "captured" },
    { "commit_id:9a77", "" },
    { "366122", "captured" },
    { "CA3", "captured" },
    { "subject", "" },
    { "subject id:366122", "captured" },
    { "SUBJECT ID:366122", "captured" },
    { "subject id:36612", "" },
    { "subject id:\"366122\" modality:ecephys", "captured" },
    { "modality:ecephys modality:FIP rig:3", "captured" },
    { "modality:FIP", "" },
    { "modality:ecephys cortex", "" },
    { "captured modality:ecephys", "captured" },
    { "rig:3", "captured" },
    { "sites:ca1", "captured" },
    { "contained_data_id:none", "" },
    { "name:ecephys_714635_2023-0", "" },      -- longer than 20 characters
    { "name:ecephys_714635_2023-", "ecephys_7" },
    { "name:\"ecephys_714635_2023-05-18\"", "ecephys_7" },
    { "ecephys_714635_2023-05", "ecephys_7" },
    { "name:ecephys_714635_2023-0 name:captured", "captured" },
    { "\"unfinished cortex", "" },
    { "cortex\"", "ecephys_7 ecephys_7" },
    { "x' OR 1=1 --", "" },
    { "\" OR name:*", "" },
  }

  for _, row in ipairs(rows) do
    it(("%q"):format(row[1]), function()
      assert.equal(row[2], found(row[1]))
    end)
  end

  it("may have thousands of words", function()
    local words = {}
    for i = 1, 2000 do words[i] = "name:w" .. i end
    words[#words + 1] = "name:captured"
    assert.equal("captured", found(table.concat(words, " ")))
  end)
end)
