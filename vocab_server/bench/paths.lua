-- For wrk: asks for the paths in a file in turn; what stands behind a tab is accepted. Arguments:
-- the file; what to put behind each path together with a count so that no two are the same, or
-- nothing; the milliseconds that a connection pauses before each request, about.
local paths = {}
local headers = {}
local number = ""
local pause = 0
local place = 0

function init(args)
  for path in io.lines(args[1]) do
    local asked, accept = path:match("([^\t]*)\t?(.*)")
    paths[#paths + 1] = asked
    headers[#paths] = accept ~= "" and { ["Accept"] = accept } or nil
  end
  number = args[2] or ""
  pause = tonumber(args[3]) or 0
  delay = pause > 0 and function() return math.random(0, 2 * pause) end or nil
end

function request()
  place = place + 1
  local which = (place - 1) % #paths + 1
  local path = paths[which]
  if number ~= "" then
    path = path .. number .. "-" .. place
  end
  return wrk.format("GET", path, headers[which])
end

function done(summary, latency, requests)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  print(string.format('{"requests": %d, "errors": %d, "seconds": %f, "slow": %f}',
    summary.requests, failed, summary.duration / 1000000, latency:percentile(99) / 1000))
end
