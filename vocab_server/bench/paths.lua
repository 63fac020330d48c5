-- For wrk: asks for the paths in a file in turn. Arguments: the file, and what to put behind each
-- path together with a count so that no two are the same, or nothing.
local paths = {}
local number = ""
local place = 0

function init(args)
  for path in io.lines(args[1]) do
    paths[#paths + 1] = path
  end
  number = args[2] or ""
end

function request()
  place = place + 1
  local path = paths[(place - 1) % #paths + 1]
  if number ~= "" then
    path = path .. number .. "-" .. place
  end
  return wrk.format("GET", path)
end

function done(summary, latency, requests)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  print(string.format('{"requests": %d, "errors": %d, "seconds": %f}',
    summary.requests, failed, summary.duration / 1000000))
end
