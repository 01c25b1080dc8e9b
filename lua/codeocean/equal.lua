--- Deep equality of what JSON can hold. Called wherever a value is compared with another that came
-- over the wire: 1 and 1.0 are equal, so are two tables that hold equal values under equal keys.

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
