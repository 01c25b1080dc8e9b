--- Deep equality of JSON values. Called wherever a value is compared with one from a server: 1 and
-- 1.0 are equal, and so are two tables with equal values under equal keys.

local function equal(a, b)
  if type(a) ~= "table" or type(b) ~= "table" then return a == b end
  for key, value in pairs(a) do
    if not equal(value, b[key]) then return false end
  end
  for key in pairs(b) do
    if a[key] == nil then return false end
  end
  return true
end

--- equal(a, b) -> whether both are equal.
return equal
