-- Finds circles in a graph {node = list of the nodes that it leads to}.

local M = {}

local function sorted_keys(graph)
  local keys = {}
  for key in pairs(graph) do keys[#keys + 1] = key end
  table.sort(keys)
  return keys
end

-- The path from the first visit of `node` to its second one, as a text.
local function as_text(path, node)
  local first = #path
  while path[first] ~= node do first = first - 1 end
  return table.concat(path, " -> ", first) .. " -> " .. node
end

--- find(graph) -> a circle, as "a -> b -> a"; or nil.
function M.find(graph)
  local done, on_path, path = {}, {}, {}
  local function visit(node)
    if on_path[node] then return as_text(path, node) end
    if done[node] then return nil end
    on_path[node], path[#path + 1] = true, node
    for _, next_node in ipairs(graph[node] or {}) do
      local circle = visit(next_node)
      if circle then return circle end
    end
    on_path[node], path[#path] = nil, nil
    done[node] = true
  end
  for _, node in ipairs(sorted_keys(graph)) do
    local circle = visit(node)
    if circle then return circle end
  end
end

return M
