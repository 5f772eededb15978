-- Requests of a file, a target a line, one after another; a second argument makes each unique,
-- so that no cache answers it.
local targets, n, unique = {}, 0, false
init = function(args)
  for line in io.lines(args[1]) do targets[#targets + 1] = line end
  unique = args[2] == "unique"
  n = tonumber(args[3]) or 0
end
request = function()
  n = n + 1
  local target = targets[n % #targets + 1]
  if unique then target = target .. "%20LIMIT%20" .. (1000000 + n) end
  return wrk.format("GET", target)
end
